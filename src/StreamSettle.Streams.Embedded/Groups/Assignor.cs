namespace StreamSettle.Streams.Embedded.Groups;

/// <summary>Divides each set's partitions among the members that ask for it: evenly to one, and with as few moves as that allows.</summary>
internal static class Assignor
{
    /// <param name="owners">Who has what now; shares without an owner are absent.</param>
    public static Dictionary<ShareOfWork, GroupMember> Divide(IReadOnlyList<GroupMember> members, IReadOnlyDictionary<ShareOfWork, GroupMember> owners)
    {
        var wanted = new Dictionary<ShareOfWork, GroupMember>();
        var loads = members.ToDictionary(member => member, _ => 0);
        foreach (var set in members.SelectMany(member => member.Sets).Distinct().OrderBy(set => set.Name, StringComparer.Ordinal))
        {
            DivideSet(set, [.. members.Where(member => member.Sets.Contains(set))], owners, wanted, loads);
        }

        return wanted;
    }

    static void DivideSet(
        TopicSet set, GroupMember[] members, IReadOnlyDictionary<ShareOfWork, GroupMember> owners, Dictionary<ShareOfWork, GroupMember> wanted, Dictionary<GroupMember, int> loads)
    {
        var counts = members.ToDictionary(member => member, _ => 0);
        var (each, oneMore) = Math.DivRem(set.Partitions, members.Length);
        ShareOfWork[] shares = [.. Enumerable.Range(0, set.Partitions).Select(partition => new ShareOfWork(set, partition))];
        foreach (var share in shares)
        {
            if (owners.TryGetValue(share, out var owner) && counts.TryGetValue(owner, out var count) && (count < each || (count == each && oneMore-- > 0)))
            {
                Give(share, owner);
            }
        }

        foreach (var share in shares.Where(share => !wanted.ContainsKey(share)))
        {
            Give(share, members.OrderBy(member => counts[member]).ThenBy(member => loads[member]).First());
        }

        void Give(ShareOfWork share, GroupMember member)
        {
            wanted[share] = member;
            counts[member]++;
            loads[member]++;
        }
    }
}
