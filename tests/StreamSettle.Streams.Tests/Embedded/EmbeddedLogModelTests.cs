using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tests.RocksDb;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

public sealed class EmbeddedLogModelTests
{
    static readonly string[] Groups = ["one", "two"];
    static readonly string[] Stores = ["totals", "pending"];
    static readonly TopicPartition[] Partitions = [new("kept", 0), new("kept", 1), new("purged", 0), new("purged", 1)];

    [Fact]
    public void Whatever_is_committed_read_purged_closed_or_cut_off_the_log_is_as_the_model_says() =>
        Seeds.Each(8, seed => new Run(new Random(seed)).Steps(40));

    sealed class Run(Random random)
    {
        readonly LogModel model = new();

        public void Steps(int count)
        {
            using var temp = new TempDirectory();
            var directory = temp.Below("0");
            var log = Open(directory);
            EnlistGroups(log);
            for (var step = 1; step <= count; step++)
            {
                switch (random.Next(12))
                {
                    case 0:
                        log.Close();
                        log = Open(directory);
                        break;
                    case 1:
                        TempDirectory.Copy(directory, temp.Below($"{step}"));
                        log.Close();
                        directory = temp.Below($"{step}");
                        log = Open(directory);
                        break;
                    default:
                        Commit(log);
                        break;
                }

                if (step % 5 == 0)
                {
                    model.Check(log, Partitions, Groups, Stores);
                }
            }

            log.Close();
        }

        static EmbeddedLog Open(string directory)
        {
            var log = LogHarness.Open(directory, pollRecords: 50, pollBytes: 10_000);
            log.EnsureTopics([new TopicSpec("kept", 2, TopicRetention.Keep), new TopicSpec("purged", 2, TopicRetention.PurgeConsumed)]);
            return log;
        }

        /// <summary>What is consumed before a group is known to read it may be purged before it does.</summary>
        static void EnlistGroups(EmbeddedLog log)
        {
            foreach (var group in Groups)
            {
                using var client = log.OpenClient(group, "1");
                client.Subscribe([["kept"], ["purged"]], new RecordingListener());
            }
        }

        /// <summary>A member reads some, writes some and commits; every group has its own reading.</summary>
        void Commit(EmbeddedLog log)
        {
            var group = Groups[random.Next(Groups.Length)];
            using var client = log.OpenClient(group, "1");
            client.Subscribe([["kept"], ["purged"]], new RecordingListener());
            var commit = new LogCommit();
            for (var polls = random.Next(4); polls > 0; polls--)
            {
                Read(client, group, commit);
            }

            foreach (var partition in Partitions.Where(_ => random.Next(2) == 0))
            {
                Write(partition, commit);
            }

            WriteStores(commit);
            var value = (byte)random.Next(256);
            commit.Metadata.Add(($"name{random.Next(3)}", [value]));
            model.Metadata[commit.Metadata[0].Name] = value;
            client.Commit(commit);
        }

        void Read(ILogClient client, string group, LogCommit commit)
        {
            foreach (var records in client.Poll().GroupBy(record => record.Partition))
            {
                var next = model.Position(group, records.Key);
                foreach (var (_, offset, value) in records)
                {
                    Assert.Equal(next++, offset);
                    Assert.Equal(model.Records[records.Key][(int)offset], value);
                }

                model.Positions[(group, records.Key)] = next;
                commit.Positions.RemoveAll(position => position.Partition == records.Key);
                commit.Positions.Add((records.Key, next));
            }
        }

        void Write(TopicPartition partition, LogCommit commit)
        {
            var large = random.Next(4) == 0;
            string[] values = [.. Enumerable.Range(0, random.Next(large ? 9000 : 20)).Select(i => $"{partition}/{i}/{new string('v', large ? 30 : random.Next(2000))}")];
            commit.Outputs.Add((partition, LogHarness.Batch(values)));
            model.Records.TryAdd(partition, []);
            model.Records[partition].AddRange(values);
        }

        void DropSome(LogCommit commit)
        {
            var (store, partition, from, to) = (Stores[random.Next(Stores.Length)], random.Next(2), $"k{random.Next(10)}", random.Next(3) == 0 ? "" : $"k{random.Next(10)}");
            if (to.Length > 0 && string.CompareOrdinal(from, to) >= 0)
            {
                return;
            }

            commit.DeleteRange(store, partition, from, to);
            foreach (var key in model.Stores.Keys.Where(entry => entry.Store == store && entry.Partition == partition
                && string.CompareOrdinal(entry.Key, from) >= 0 && (to.Length == 0 || string.CompareOrdinal(entry.Key, to) < 0)).ToList())
            {
                model.Stores.Remove(key);
            }
        }

        void WriteStores(LogCommit commit)
        {
            if (random.Next(4) == 0)
            {
                DropSome(commit);
            }

            for (var puts = random.Next(10); puts > 0; puts--)
            {
                var (store, partition, key) = (Stores[random.Next(Stores.Length)], random.Next(2), $"k{random.Next(10)}");
                var value = random.Next(3) == 0 ? null : $"{random.Next()}";
                commit.Put(store, partition, key, value);
                model.Stores.Remove((store, partition, key));
                if (value is not null)
                {
                    model.Stores.Add((store, partition, key), value);
                }
            }
        }
    }
}
