// kafkajs at work for a test: node kafkajs.mjs COMMAND BOOTSTRAP TOPIC [ARG...]; prints one JSON value.
import { readFileSync, writeFileSync } from 'node:fs'
import kafkajs from 'kafkajs'

const { Kafka, CompressionTypes, ConfigResourceTypes, logLevel } = kafkajs
const [command, bootstrap, topic, ...args] = process.argv.slice(2)
const kafka = new Kafka({ clientId: 'kafkajs-test', brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 8 } })

const linesOf = file => readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')
const textOf = message => message.value.toString('utf8')

async function withProducer (options, use) {
  const producer = kafka.producer({ allowAutoTopicCreation: true, ...options })
  await producer.connect()
  try { return await use(producer) } finally { await producer.disconnect() }
}

async function withAdmin (use) {
  const admin = kafka.admin()
  await admin.connect()
  try { return await use(admin) } finally { await admin.disconnect() }
}

/** Runs a member of a group until `isDone` says so. */
async function member (group, onMessage, onJoin = () => {}) {
  const consumer = kafka.consumer({ groupId: group, sessionTimeout: 30000, heartbeatInterval: 500, maxWaitTimeInMs: 200 })
  consumer.on(consumer.events.GROUP_JOIN, event => onJoin(event.payload.memberAssignment[topic] ?? []))
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ partition, message }) => onMessage(partition, message) })
  return consumer
}

const until = async isSo => {
  for (const end = Date.now() + 150000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 20))) if (await isSo()) return
  throw new Error('what was awaited did not happen')
}

const commands = {
  async produce (file, compression, idempotent) {
    const lines = linesOf(file)
    return withProducer({ idempotent: idempotent === 'idempotent', maxInFlightRequests: 1 }, async producer => {
      let last
      for (let i = 0; i < lines.length; i += 100) {
        const messages = lines.slice(i, i + 100).map(value => ({ partition: 0, key: 'k', value, headers: { origin: 'kafkajs' } }))
        last = await producer.send({ topic, acks: -1, compression: CompressionTypes[compression], messages })
      }
      return last
    })
  },

  async consume (count, group, out) {
    const read = []
    const consumer = await member(group, (_, message) => { read.push(textOf(message)) })
    await until(() => read.length >= Number(count))
    await consumer.disconnect()
    writeFileSync(out, JSON.stringify(read))
    return read.length
  },

  // Two members share four partitions; one leaves, and the other goes on with all of them.
  async share (group) {
    const assigned = [[], []]
    const read = new Set()
    const seen = (partition, message) => { read.add(textOf(message)) }
    const first = await member(group, seen, partitions => { assigned[0] = partitions })
    const second = await member(group, seen, partitions => { assigned[1] = partitions })
    await until(() => assigned[0].length === 2 && assigned[1].length === 2)
    const shared = assigned.flat().sort()
    await second.disconnect()
    await until(() => assigned[0].length === 4)
    await withProducer({}, producer => producer.send({ topic, messages: [0, 1, 2, 3].map(partition => ({ partition, value: `to-${partition}` })) }))
    await until(() => read.size >= 4)
    await first.disconnect()
    return { shared, alone: assigned[0].sort(), read: [...read].sort() }
  },

  async admin () {
    return withAdmin(async admin => {
      const facts = {}
      facts.created = await admin.createTopics({ topics: [{ topic, numPartitions: 2, configEntries: [{ name: 'retention.ms', value: '3600000' }] }] })
      facts.createdAgain = await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
      await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
      const resource = { type: ConfigResourceTypes.TOPIC, name: topic }
      await admin.alterConfigs({ resources: [{ ...resource, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] }] })
      const described = await admin.describeConfigs({ includeSynonyms: true, resources: [resource] })
      const valueOf = name => described.resources[0].configEntries.find(entry => entry.configName === name).configValue
      facts.policy = valueOf('cleanup.policy')
      // The old call replaces the whole set: what it does not name goes back to the default.
      facts.retention = valueOf('retention.ms')
      const metadata = await admin.fetchTopicMetadata({ topics: [topic] })
      facts.partitions = metadata.topics[0].partitions.map(partition => partition.partitionId).sort()
      facts.offsets = (await admin.fetchTopicOffsets(topic)).map(offset => [offset.partition, offset.low, offset.high]).sort()
      await admin.setOffsets({ groupId: `${topic}-group`, topic, partitions: [{ partition: 0, offset: '0' }] })
      facts.committed = (await admin.fetchOffsets({ groupId: `${topic}-group`, topics: [topic] }))[0].partitions.find(p => p.partition === 0).offset
      facts.listed = (await admin.listGroups()).groups.some(group => group.groupId === `${topic}-group`)
      facts.state = (await admin.describeGroups([`${topic}-group`])).groups[0].state
      await admin.deleteGroups([`${topic}-group`])
      facts.cluster = (await admin.describeCluster()).brokers.length
      await admin.deleteTopics({ topics: [topic] })
      await until(async () => !(await admin.listTopics()).includes(topic))
      facts.gone = true
      return facts
    })
  },

  // kafkajs speaks of reassignments in the only version that it knows.
  async reassign () {
    return withAdmin(async admin => {
      await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
      const move = replicas => admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment: [{ partition: 0, replicas }] }] })
      const facts = {}
      await move([1])
      facts.under_way = (await admin.listPartitionReassignments({})).topics.length
      try { await move([9]) } catch (error) { facts.refused = error.message }
      return facts
    })
  },

  // The levels of a broker's loggers, by the old call that does not know them, and by describing them.
  async loggers () {
    return withAdmin(async admin => {
      const resource = { type: ConfigResourceTypes.BROKER_LOGGER, name: '1' }
      const described = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] })
      return { names: described.resources[0].configEntries.map(entry => entry.configName).sort() }
    })
  },

  // Records are deleted, offsets found by time and reset.
  async records () {
    return withAdmin(async admin => {
      const facts = {}
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] })
      const messages = [0, 1, 2, 3].map(i => ({ partition: 0, value: `${i}`, timestamp: `${1700000000000 + i}` }))
      await withProducer({}, producer => producer.send({ topic, acks: -1, messages }))
      const remove = offset => admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] })
      const bounds = async () => { const [found] = await admin.fetchTopicOffsets(topic); return [found.low, found.high] }
      // A deletion looks for leaders only among the topics that were asked for before.
      await bounds()
      try { await remove('9') } catch (error) { facts.beyond = (error.cause ?? error).partitions[0].error.type }
      await remove('1')
      facts.some = await bounds()
      facts.byTime = (await admin.fetchTopicOffsetsByTimestamp(topic, 1700000000002))[0].offset
      const groupId = `${topic}-group`
      const committed = async () => (await admin.fetchOffsets({ groupId, topics: [topic] }))[0].partitions[0].offset
      await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '3' }] })
      facts.set = await committed()
      await admin.resetOffsets({ groupId, topic, earliest: true })
      facts.reset = (await admin.fetchOffsets({ groupId, topics: [topic], resolveOffsets: true }))[0].partitions[0].offset
      await remove('-1')
      facts.all = await bounds()
      return facts
    })
  },

  // What is wrong is refused by the error that says why.
  async refusals () {
    const typeOf = error => error.type ?? error.errors?.[0]?.type ?? error.groups?.[0]?.error?.type ?? error.name
    return withAdmin(async admin => {
      const facts = {}
      const attempt = async (name, act) => { try { await act(); facts[name] = 'done' } catch (error) { facts[name] = typeOf(error) } }
      const resource = { type: ConfigResourceTypes.TOPIC, name: topic }
      await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
      await attempt('widen', () => admin.createPartitions({ topicPartitions: [{ topic, count: 1 }] }))
      await attempt('widenAbsent', () => admin.createPartitions({ topicPartitions: [{ topic: `${topic}-absent`, count: 3 }] }))
      await attempt('create', () => admin.createTopics({ topics: [{ topic: `${topic}-wide`, numPartitions: 1, replicationFactor: 3 }] }))
      await attempt('alter', () => admin.alterConfigs({ resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: 'soon' }] }] }))
      await attempt('deleteGroup', () => admin.deleteGroups([`${topic}-no-group`]))
      facts.dead = (await admin.describeGroups([`${topic}-no-group`])).groups[0].state
      await attempt('validate', () => admin.createTopics({ validateOnly: true, waitForLeaders: false, topics: [{ topic: `${topic}-checked`, numPartitions: 1 }] }))
      facts.checked = (await admin.listTopics()).includes(`${topic}-checked`)
      const broker = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.BROKER, name: '1', configNames: ['node.id', 'log.retention.hours'] }] })
      facts.broker = broker.resources[0].configEntries.map(entry => `${entry.configName}=${entry.configValue}`).sort()
      return facts
    })
  },

  // One record at a time with acks=all until standard input ends; each acknowledged one is told as `value partition offset`.
  async acknowledge (prefix) {
    let stopped = false
    process.stdin.on('end', () => { stopped = true }).resume()
    await withProducer({ maxInFlightRequests: 1, retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 1000 } }, async producer => {
      for (let next = 0; !stopped; next += 20) {
        const messages = Array.from({ length: 20 }, (_, i) => ({ partition: 0, value: `${prefix}${next + i}` }))
        const [result] = await producer.send({ topic, acks: -1, messages })
        process.stdout.write(messages.map((message, i) => `${message.value} 0 ${Number(result.baseOffset) + i}\n`).join(''))
      }
    })
    return null
  }
}

const result = await commands[command](...args)
if (result !== null) console.log(JSON.stringify(result))
process.exit(0)
