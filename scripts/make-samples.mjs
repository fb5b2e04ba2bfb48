/**
 * `node scripts/make-samples.mjs`: the bundled samples, made by real QEMU (qemu-img and qemu-io), packed
 * into public/samples together with index.json, which tells the page of them. What is made is the same
 * each time but for the snapshots' dates and the LUKS sample's random salt.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from './command.mjs'

/**
 * `how` are shell commands, run one after another; they make NAME.qcow2. `check` then holds it to what
 * its title says; left out, qemu-img check must find it clean.
 * @type {{ name: string, title: string, how: string[], check?: string, attempts?: number }[]}
 */
const samples = [
  {
    name: 'plain',
    title: 'A plain image: 64 KiB clusters, as qemu-img makes it unasked',
    how: [
      'qemu-img create -f qcow2 plain.qcow2 64M',
      "qemu-io -c 'write -P 0x11 0 1M' -c 'write -P 0x12 32M 256k' plain.qcow2",
    ],
  },
  {
    name: 'small-clusters',
    title: '512-byte clusters: many small L2 tables, spread over four windows',
    how: [
      'qemu-img create -f qcow2 -o cluster_size=512 small-clusters.qcow2 8M',
      "qemu-io -c 'write -P 0x22 0 6M' small-clusters.qcow2",
    ],
  },
  {
    name: 'version-2',
    title: 'Format version 2, as QEMU before 1.7 made it',
    how: [
      'qemu-img create -f qcow2 -o compat=0.10,cluster_size=4k version-2.qcow2 16M',
      "qemu-io -c 'write -P 0x33 0 1M' -c 'write -P 0x34 8M 512k' version-2.qcow2",
    ],
  },
  {
    name: 'snapshots',
    title: 'Two internal snapshots, each with an inactive L1 table and L2 tables of its own',
    how: [
      'qemu-img create -f qcow2 -o cluster_size=4k snapshots.qcow2 16M',
      "qemu-io -c 'write -P 0x41 0 2M' snapshots.qcow2",
      'qemu-img snapshot -c monday snapshots.qcow2',
      "qemu-io -c 'write -P 0x42 1M 2M' -c 'write -P 0x43 8M 64k' snapshots.qcow2",
      'qemu-img snapshot -c tuesday snapshots.qcow2',
      "qemu-io -c 'write -P 0x44 0 64k' -c 'write -P 0x45 8M 64k' snapshots.qcow2",
    ],
  },
  {
    name: 'compressed-zlib',
    title: 'Compressed clusters (zlib): many guest clusters share a host cluster',
    how: [
      'qemu-img create -f qcow2 source.qcow2 8M',
      "qemu-io -c 'write -P 0x51 0 2M' -c 'write -P 0x52 4M 1M' source.qcow2",
      'qemu-img convert -c -O qcow2 source.qcow2 compressed-zlib.qcow2',
      "qemu-io -c 'write -P 0x53 512k 64k' compressed-zlib.qcow2",
    ],
  },
  {
    name: 'compressed-zstd',
    title: 'Compressed clusters (zstd), an incompatible feature of version 3',
    how: [
      'qemu-img create -f qcow2 source.qcow2 8M',
      "qemu-io -c 'write -P 0x51 0 2M' -c 'write -P 0x52 4M 1M' source.qcow2",
      'qemu-img convert -c -O qcow2 -o compression_type=zstd source.qcow2 compressed-zstd.qcow2',
    ],
  },
  {
    name: 'extended-l2',
    title: 'Extended L2 entries: 128 KiB clusters of 32 subclusters, some written, some zero',
    how: [
      'qemu-img create -f qcow2 -o extended_l2=on,cluster_size=128k extended-l2.qcow2 64M',
      "qemu-io -c 'write -P 0x61 0 4k' -c 'write -P 0x62 132k 8k' -c 'write -z 136k 16k' extended-l2.qcow2",
      "qemu-io -c 'write -P 0x63 1M 512k' -c 'write -z 1M 64k' extended-l2.qcow2",
    ],
  },
  {
    name: 'bitmaps',
    title: 'Two persistent dirty bitmaps, with their directory, tables and data',
    how: [
      'qemu-img create -f qcow2 bitmaps.qcow2 64M',
      'qemu-img bitmap --add bitmaps.qcow2 since-monday',
      "qemu-io -c 'write -P 0x71 0 1M' bitmaps.qcow2",
      'qemu-img bitmap --add -g 4k bitmaps.qcow2 since-tuesday',
      "qemu-io -c 'write -P 0x72 16M 256k' bitmaps.qcow2",
    ],
  },
  {
    name: 'luks',
    title: 'Encrypted with LUKS (the password is "secret"): the LUKS header is metadata too',
    how: [
      "qemu-img create -f qcow2 --object secret,id=key,data=secret -o 'encrypt.format=luks," +
        'encrypt.key-secret=key,encrypt.cipher-alg=aes-128,encrypt.cipher-mode=cbc,' +
        "encrypt.ivgen-alg=essiv,encrypt.ivgen-hash-alg=sha256,encrypt.iter-time=100' luks.qcow2 16M",
      'qemu-io --object secret,id=key,data=secret --image-opts ' +
        "-c 'write -P 0x81 0 4k' driver=qcow2,file.filename=luks.qcow2,encrypt.key-secret=key",
    ],
    check:
      'qemu-img check -q --object secret,id=key,data=secret --image-opts ' +
      'driver=qcow2,file.filename=luks.qcow2,encrypt.key-secret=key',
    // qemu-img times its own key derivation, and gives up now and then where the clock is coarse.
    attempts: 20,
  },
  {
    name: 'refcount-1',
    title: 'One-bit refcounts: a cluster is used or not, and no snapshot is possible',
    how: [
      'qemu-img create -f qcow2 -o refcount_bits=1,cluster_size=4k refcount-1.qcow2 16M',
      "qemu-io -c 'write -P 0x91 0 1M' -c 'write -P 0x92 8M 1M' refcount-1.qcow2",
    ],
  },
  {
    name: 'preallocated',
    title: 'All metadata allocated in advance (preallocation=metadata), hardly any data',
    how: [
      'qemu-img create -f qcow2 -o preallocation=metadata,cluster_size=4k preallocated.qcow2 16M',
      "qemu-io -c 'write -P 0xa1 4M 64k' preallocated.qcow2",
    ],
  },
  {
    name: 'damaged',
    title: 'Damaged: guest cluster 2 is mapped onto the L1 table, and two clusters are leaked',
    how: [
      'qemu-img create -f qcow2 damaged.qcow2 64M',
      "qemu-io -c 'write -P 0xb1 0 1M' damaged.qcow2",
      // Its L2 table is at 0x40000 and its L1 table at 0x30000.
      "qemu-io -f raw -c 'write -P 0x03 0x40015 1' -c 'write -P 0 0x40028 8' damaged.qcow2",
    ],
    check: '! qemu-img check -q damaged.qcow2',
  },
]

const target = join(root, 'public/samples')
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const index = []
for (const { name, title, how, check = `qemu-img check -q ${name}.qcow2`, attempts = 1 } of samples) {
  const folder = mkdtempSync(join(tmpdir(), 'overlapscope-'))
  const shell = (/** @type {string} */ command, left = attempts) => {
    try {
      execFileSync('sh', ['-euc', command], { cwd: folder })
    } catch (error) {
      if (left === 1) throw error
      shell(command, left - 1)
    }
  }
  for (const command of how) shell(command)
  shell(check)
  const file = `${name}.qcow2.gz`
  const packed = gzipSync(readFileSync(join(folder, `${name}.qcow2`)), { level: 9 })
  writeFileSync(join(target, file), packed)
  index.push({ file, title, how: how.join('; ') })
  console.log(`${String(packed.length).padStart(7)} bytes  ${file}`)
  rmSync(folder, { recursive: true })
}
writeFileSync(join(target, 'index.json'), `${JSON.stringify(index, null, 2)}\n`)
