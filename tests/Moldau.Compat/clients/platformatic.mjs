// @platformatic/kafka at work for a test: node platformatic.mjs COMMAND BOOTSTRAP TOPIC [ARG...]; prints one JSON value.
import { readFileSync, writeFileSync } from 'node:fs'
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'

const [command, bootstrap, topic, ...args] = process.argv.slice(2)
const base = { clientId: 'platformatic-test', bootstrapBrokers: [bootstrap], retries: 10, retryDelay: 250 }
const TOPIC = 2
const SET = 0

const linesOf = file => readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')
const print = value => console.log(JSON.stringify(value, (_, v) => typeof v === 'bigint' ? v.toString() : v))

async function withClient (client, use) {
  try { return await use(client) } finally { await client.close(true) }
}

const producing = (options, use) =>
  withClient(new Producer({ ...base, serializers: stringSerializers, autocreateTopics: true, acks: -1, ...options }), use)

const member = group =>
  new Consumer({ ...base, groupId: group, deserializers: stringDeserializers, sessionTimeout: 30000, heartbeatInterval: 500, maxWaitTime: 200 })

const until = async isSo => {
  for (const end = Date.now() + 150000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 20))) if (await isSo()) return
  throw new Error('what was awaited did not happen')
}

const commands = {
  async produce (file, compression, idempotent) {
    const lines = linesOf(file)
    return producing({ idempotent: idempotent === 'idempotent' }, async producer => {
      let last
      for (let i = 0; i < lines.length; i += 100) {
        const messages = lines.slice(i, i + 100).map(value => ({ topic, partition: 0, key: 'k', value, headers: { origin: 'platformatic' } }))
        last = await producer.send({ messages, compression })
      }
      return last.offsets[0]
    })
  },

  async consume (count, group, out) {
    return withClient(member(group), async consumer => {
      const stream = await consumer.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: true })
      const read = []
      stream.on('data', message => read.push(message))
      await until(() => read.length >= Number(count))
      writeFileSync(out, JSON.stringify(read.map(message => message.value)))
      const ends = await consumer.listOffsets({ topics: [topic] })
      const origin = read[0].headers.get('origin')
      await stream.close()
      const committed = await consumer.listCommittedOffsets({ topics: [{ topic, partitions: [0] }] })
      return { end: ends.get(topic)[0], committed: committed.get(topic)[0], origin }
    })
  },

  // Two members share four partitions; one leaves, and the other goes on with all of them.
  async share (group) {
    const [first, second] = [member(group), member(group)]
    const read = new Set()
    const partitionsOf = consumer => consumer.assignments?.find(assigned => assigned.topic === topic)?.partitions ?? []
    const start = async consumer => {
      const stream = await consumer.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: true })
      stream.on('data', message => read.add(message.value))
      return stream
    }
    await start(first)
    await start(second)
    await until(() => partitionsOf(first).length === 2 && partitionsOf(second).length === 2)
    const shared = [...partitionsOf(first), ...partitionsOf(second)].sort()
    await second.close(true)
    await until(() => partitionsOf(first).length === 4)
    const alone = [...partitionsOf(first)].sort()
    await producing({}, producer => producer.send({ messages: [0, 1, 2, 3].map(partition => ({ topic, partition, value: `to-${partition}` })) }))
    await until(() => read.size >= 4)
    await first.close(true)
    return { shared, alone, read: [...read].sort() }
  },

  async admin () {
    return withClient(new Admin(base), async admin => {
      const facts = {}
      const wanted = { topics: [topic], partitions: 2, replicas: 1, configs: [{ name: 'retention.ms', value: '3600000' }] }
      facts.created = (await admin.createTopics(wanted))[0].partitions
      facts.again = await admin.createTopics(wanted).then(() => 'made', () => 'refused')
      await admin.createPartitions({ topics: [{ name: topic, count: 3, assignments: null }] })
      await admin.incrementalAlterConfigs({
        resources: [{ resourceType: TOPIC, resourceName: topic, configs: [{ name: 'cleanup.policy', configOperation: SET, value: 'compact' }] }]
      })
      const [described] = await admin.describeConfigs({ resources: [{ resourceType: TOPIC, resourceName: topic }], includeSynonyms: true })
      const valueOf = name => described.configs.find(entry => entry.name === name).value
      facts.policy = valueOf('cleanup.policy')
      facts.retention = valueOf('retention.ms')
      await until(async () => (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic).partitionsCount === 3)
      await admin.alterConsumerGroupOffsets({ groupId: `${topic}-group`, topics: [{ name: topic, partitionOffsets: [{ partition: 0, offset: 0n }] }] })
      const [offsets] = await admin.listConsumerGroupOffsets({ groups: [`${topic}-group`] })
      facts.committed = offsets.topics[0].partitions[0].committedOffset
      facts.listed = (await admin.listGroups()).has(`${topic}-group`)
      facts.state = (await admin.describeGroups({ groups: [`${topic}-group`] })).get(`${topic}-group`).state
      await admin.deleteGroups({ groups: [`${topic}-group`] })
      await admin.deleteTopics({ topics: [topic] })
      await until(async () => !(await admin.listTopics()).includes(topic))
      facts.gone = true
      return facts
    })
  },

  // Records are deleted, directories described, offsets listed and taken back.
  async records () {
    const send = values => producing({}, producer => producer.send({ messages: values.map(value => ({ topic, partition: 0, value })) }))
    return withClient(new Admin(base), async admin => {
      const facts = {}
      await admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 })
      await send(['0', '1', '2', '3'])
      const listed = async timestamp => (await admin.listOffsets({ topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }] }))[0].partitions[0].offset
      facts.bounds = [await listed(-2n), await listed(-1n)]
      const remove = offset => admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset }] }] })
      facts.removed = (await remove(3n))[0].partitions[0].lowWatermark
      facts.earliest = await listed(-2n)
      const [described] = await admin.describeLogDirs({ topics: [{ name: topic, partitions: [0] }] })
      facts.size = Number(described.results[0].topics[0].partitions[0].partitionSize)
      const groupId = `${topic}-group`
      await admin.alterConsumerGroupOffsets({ groupId, topics: [{ name: topic, partitionOffsets: [{ partition: 0, offset: 3n }] }] })
      await admin.deleteConsumerGroupOffsets({ groupId, topics: [{ name: topic, partitionIndexes: [0] }] })
      const [offsets] = await admin.listConsumerGroupOffsets({ groups: [groupId] })
      facts.left = offsets?.topics?.length ?? 0
      return facts
    })
  }
}

print(await commands[command](...args))
process.exit(0)
