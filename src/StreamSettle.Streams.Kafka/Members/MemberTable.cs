using System.Text;
using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Members;

/// <summary>
/// What all instances say of themselves, folded from the members topic. A claim is as new as the first record that makes it: of two claims of one partition the
/// newer counts. Filled by one thread, asked by any.
/// </summary>
internal sealed class MemberTable(string self, long openedAt, TimeProvider time, ILogger logger) : IRecordTarget
{
    /// <summary>How often an instance is heard. Records are small, and kept for an hour.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>Three beats lost, and a little.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(7);

    /// <summary>Longer than any transaction of a dead instance may be open, and shorter than records are kept.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(20);

    readonly Lock gate = new();
    readonly Dictionary<string, Heard> heard = new(StringComparer.Ordinal);
    Heard? formerSelf;
    long next;
    long version;
    bool hasToldOfTwin;

    public static string TopicOf(string applicationId) => $"{applicationId}-members";

    /// <summary>Everything below was taken.</summary>
    public long Next => Volatile.Read(ref next);

    /// <summary>Grows when a claim, a store or an instance comes or goes; beats leave it.</summary>
    public long Version => Volatile.Read(ref version);

    public void Take(TopicPartition partition, long baseOffset, RecordBatch records)
    {
        lock (gate)
        {
            var rest = records.Bytes;
            for (var offset = baseOffset; RecordBatch.TryReadNext(ref rest, out var record); offset++)
            {
                Fold(Encoding.UTF8.GetString(record.Key), MemberRecord.TryDecode(record.Value), offset, record.TimestampMs);
            }
        }

        Volatile.Write(ref next, baseOffset + records.Count);
    }

    public void Pass(TopicPartition partition, long next) => Volatile.Write(ref this.next, Math.Max(Next, next));

    /// <summary>All instances that were heard lately, by id.</summary>
    public IReadOnlyList<ApplicationMember> Members()
    {
        lock (gate)
        {
            Forget();
            var owners = Owners();
            return [.. heard.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new ApplicationMember(
                one.Key, one.Value.Record.AdvertisedUrl, one.Key == self, IsLive(one.Value),
                [.. one.Value.Record.Threads.GroupBy(thread => thread.Group).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new OwnedPartitions(
                    group.Key, [.. group.SelectMany(thread => thread.Partitions).Distinct().Where(index => owners[(group.Key, index)].Instance == one.Key).Order()]))]))];
        }
    }

    /// <summary>Transactional ids of others that claim one of these partitions, each with the claim's age: who is given the partitions knows that they are replaced.</summary>
    public List<(string TransactionalId, long Since)> ClaimsOf(string group, IReadOnlySet<int> partitions)
    {
        lock (gate)
        {
            return [.. heard.Where(one => one.Key != self).Select(one => one.Value).Append(formerSelf).OfType<Heard>()
                .SelectMany(one => one.Record.Threads.Where(thread => thread.Group == group).Select(thread => (thread, one.Since)))
                .Where(claim => claim.thread.Partitions.Any(partitions.Contains))
                .Select(claim => (claim.thread.TransactionalId, claim.thread.Partitions.Where(partitions.Contains).Max(index => claim.Since.GetValueOrDefault((group, index)))))];
        }
    }

    /// <summary>Stores of which others have the tasks, with whoever is live beside the owner: among those a standby is looked for.</summary>
    public List<StandbyTask> OthersTasks()
    {
        lock (gate)
        {
            Forget();
            var live = heard.Where(one => IsLive(one.Value)).Select(one => one.Key).Append(self).Distinct().ToList();
            return [.. Owners().Where(owner => owner.Value.Instance != self).Select(owner => new StandbyTask(
                owner.Key.Group, owner.Key.Partition, [.. live.Where(instance => instance != owner.Value.Instance)],
                [.. heard[owner.Value.Instance].Record.Threads.Where(thread => thread.Group == owner.Key.Group).SelectMany(thread => thread.Stores)
                    .Where(store => store.Value.Contains(owner.Key.Partition)).Select(store => store.Key).Distinct()]))];
        }
    }

    void Fold(string instance, MemberRecord? record, long offset, long timestampMs)
    {
        if (record is null)
        {
            logger.MemberIsUnreadable(instance, offset);
            return;
        }

        if (instance == self && record.OpenedAt != openedAt)
        {
            TakeOtherLife(record, offset);
            return;
        }

        var before = heard.GetValueOrDefault(instance);
        if (record.Left)
        {
            version += heard.Remove(instance) ? 1 : 0;
            return;
        }

        // What is read at the beginning was said a while ago.
        var age = TimeSpan.FromMilliseconds(Math.Max(0, UtcInstant.Now(time).Microseconds / 1000 - timestampMs));
        var isFirst = before is null || before.Record.OpenedAt != record.OpenedAt;
        heard[instance] = new(record, MonotonicInstant.Now(time) - (isFirst ? age : TimeSpan.Zero), SinceOf(record, isFirst ? null : before, offset));
        if (isFirst || !Says(record).SequenceEqual(Says(before!.Record)))
        {
            version++;
        }
    }

    void TakeOtherLife(MemberRecord record, long offset)
    {
        if (record.OpenedAt < openedAt)
        {
            formerSelf = record.Left ? null : new(record, MonotonicInstant.Now(time), SinceOf(record, null, offset));
        }
        else if (!hasToldOfTwin)
        {
            hasToldOfTwin = true;
            logger.InstanceHasTwin(self);
        }
    }

    static Dictionary<(string Group, int Partition), long> SinceOf(MemberRecord record, Heard? before, long offset) => record.Threads
        .SelectMany(thread => thread.Partitions.Select(index => (thread.Group, index))).Distinct()
        .ToDictionary(claim => claim, claim => before?.Since.GetValueOrDefault(claim, offset) ?? offset);

    static IEnumerable<string> Says(MemberRecord record) => record.Threads.SelectMany(thread =>
        thread.Stores.Select(store => $"{store.Key}:{string.Join(',', store.Value)}").Prepend($"{thread.Group}/{thread.TransactionalId}:{string.Join(',', thread.Partitions)}"));

    Dictionary<(string Group, int Partition), (string Instance, long Since)> Owners()
    {
        var owners = new Dictionary<(string, int), (string Instance, long Since)>();
        foreach (var (instance, one) in heard)
        {
            foreach (var (claim, since) in one.Since)
            {
                if (!owners.TryGetValue(claim, out var other) || other.Since < since)
                {
                    owners[claim] = (instance, since);
                }
            }
        }

        return owners;
    }

    bool IsLive(Heard one) => MonotonicInstant.Now(time) - one.At < SilentAfter;

    void Forget()
    {
        var now = MonotonicInstant.Now(time);
        foreach (var gone in heard.Where(one => now - one.Value.At > ForgottenAfter).Select(one => one.Key).ToList())
        {
            heard.Remove(gone);
            version++;
        }
    }

    /// <summary>The last record of an instance, when it came, and since which offset each claim stands.</summary>
    sealed record Heard(MemberRecord Record, MonotonicInstant At, Dictionary<(string Group, int Partition), long> Since);
}

/// <summary>A task group of which somebody else has the tasks: all stores of one partition of a consumer group.</summary>
/// <param name="Candidates">Live instances that do not own it.</param>
internal sealed record StandbyTask(string Group, int Partition, IReadOnlyList<string> Candidates, IReadOnlyList<string> Stores);
