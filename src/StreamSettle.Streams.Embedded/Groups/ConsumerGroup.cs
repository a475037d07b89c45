using System.Collections.Concurrent;
using System.Text;
using StreamSettle.Streams.Embedded.Topics;

namespace StreamSettle.Streams.Embedded.Groups;

/// <summary>Who of the group's members reads what, and how far the group has come. Thread-safe.</summary>
/// <remarks>A share moves in two steps: its owner gives it up in its own poll, after committing; then the new owner takes it in its own.</remarks>
internal sealed class ConsumerGroup(string name)
{
    readonly Lock gate = new();
    readonly List<GroupMember> members = [];
    readonly Dictionary<ShareOfWork, GroupMember> owners = [];
    readonly ConcurrentDictionary<PartitionLog, long> positions = new();
    Dictionary<ShareOfWork, GroupMember> wanted = [];
    volatile int version;

    /// <summary>The name as it stands in keys.</summary>
    public byte[] NameUtf8 { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>Changes whenever a member may have to give or take.</summary>
    public int Version => version;

    /// <summary>The next offset to read; the first kept where nothing was committed.</summary>
    public long Position(PartitionLog partition) => Math.Max(partition.Start, positions.GetValueOrDefault(partition));

    /// <summary>False where the group never committed nor subscribed the partition.</summary>
    public bool TryGetPosition(PartitionLog partition, out long next) => positions.TryGetValue(partition, out next);

    public void SetPosition(PartitionLog partition, long next) => positions[partition] = next;

    public void Join(GroupMember member)
    {
        lock (gate)
        {
            members.Add(member);
            Rebalance();
        }
    }

    /// <summary>What the member has is free at once: it has stopped reading.</summary>
    public void Leave(GroupMember member)
    {
        lock (gate)
        {
            members.Remove(member);
            foreach (var share in SharesOf(member))
            {
                owners.Remove(share);
            }

            Rebalance();
        }
    }

    /// <summary>Shares that the member has and another is to get.</summary>
    public IReadOnlyList<ShareOfWork> Leaving(GroupMember member)
    {
        lock (gate)
        {
            return [.. SharesOf(member).Where(share => !wanted.TryGetValue(share, out var next) || next != member)];
        }
    }

    public void Release(IReadOnlyList<ShareOfWork> shares)
    {
        lock (gate)
        {
            foreach (var share in shares)
            {
                owners.Remove(share);
            }

            Announce();
        }
    }

    /// <summary>Takes the free shares that are meant for the member.</summary>
    public IReadOnlyList<ShareOfWork> Take(GroupMember member)
    {
        lock (gate)
        {
            ShareOfWork[] coming = [.. wanted.Where(pair => pair.Value == member && !owners.ContainsKey(pair.Key)).Select(pair => pair.Key)];
            foreach (var share in coming)
            {
                owners.Add(share, member);
            }

            return coming;
        }
    }

    ShareOfWork[] SharesOf(GroupMember member) => [.. owners.Where(pair => pair.Value == member).Select(pair => pair.Key)];

    void Rebalance()
    {
        wanted = Assignor.Divide(members, owners);
        Announce();
    }

    void Announce()
    {
        version++;
        foreach (var member in members)
        {
            member.Signal.Tell();
        }
    }
}
