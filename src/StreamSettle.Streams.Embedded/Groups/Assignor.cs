namespace StreamSettle.Streams.Embedded.Groups;

/// <summary>Divides the shares among the members that ask for their sets: evenly, and with as few moves as that allows.</summary>
internal static class Assignor
{
    /// <param name="owners">Who has what now; shares without an owner are absent.</param>
    public static Dictionary<ShareOfWork, GroupMember> Divide(IReadOnlyList<GroupMember> members, IReadOnlyDictionary<ShareOfWork, GroupMember> owners)
    {
        var wanted = new Dictionary<ShareOfWork, GroupMember>();
        var loads = members.ToDictionary(member => member, _ => 0);
        var shares = members.SelectMany(member => member.Sets).Distinct()
            .SelectMany(set => Enumerable.Range(0, set.Partitions).Select(partition => new ShareOfWork(set, partition)))
            .OrderBy(share => share.Partition).ThenBy(share => share.Set.Name, StringComparer.Ordinal).ToList();
        var quota = members.Count == 0 ? 0 : (shares.Count + members.Count - 1) / members.Count;
        foreach (var share in shares)
        {
            if (owners.TryGetValue(share, out var owner) && loads.TryGetValue(owner, out var load) && load < quota && owner.Sets.Contains(share.Set))
            {
                Give(share, owner);
            }
        }

        foreach (var share in shares.Where(share => !wanted.ContainsKey(share)))
        {
            Give(share, members.Where(member => member.Sets.Contains(share.Set)).MinBy(member => loads[member])!);
        }

        Level(members, wanted, loads);
        return wanted;

        void Give(ShareOfWork share, GroupMember member)
        {
            wanted[share] = member;
            loads[member]++;
        }
    }

    /// <summary>Moves single shares from a member to one with at least two fewer, until there is no such pair.</summary>
    static void Level(IReadOnlyList<GroupMember> members, Dictionary<ShareOfWork, GroupMember> wanted, Dictionary<GroupMember, int> loads)
    {
        var moved = true;
        while (moved)
        {
            moved = false;
            foreach (var taker in members.OrderBy(member => loads[member]))
            {
                var giving = wanted.Where(pair => taker.Sets.Contains(pair.Key.Set) && loads[pair.Value] >= loads[taker] + 2)
                    .OrderByDescending(pair => loads[pair.Value]).ThenByDescending(pair => pair.Key.Partition).Take(1).ToList();
                foreach (var (share, giver) in giving)
                {
                    wanted[share] = taker;
                    loads[giver]--;
                    loads[taker]++;
                    moved = true;
                }

                if (moved)
                {
                    break;
                }
            }
        }
    }
}
