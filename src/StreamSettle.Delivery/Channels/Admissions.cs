namespace StreamSettle.Delivery.Channels;

/// <summary>
/// Shares the room of a channel among its tasks: who finds none queues, and freed room is set aside for who waits longest, so that no task starves.
/// Not thread-safe.
/// </summary>
internal sealed class Admissions
{
    readonly Queue<ChannelMember> waiting = new();

    /// <summary>Room set aside and not yet taken.</summary>
    internal int Granted { get; private set; }

    /// <summary>Calls taken and not yet started or given back.</summary>
    internal int Taken { get; private set; }

    /// <summary>Calls that wait for room.</summary>
    internal int Wanted
    {
        get
        {
            var wanted = 0;
            foreach (var member in waiting)
            {
                wanted += member.HasLeft ? 0 : member.Demand;
            }

            return wanted;
        }
    }

    /// <summary>Takes room for one call; without any the member waits to be told.</summary>
    /// <param name="room">Room in the channel, before what is granted and taken.</param>
    internal bool TryTake(ChannelMember member, int demand, int room)
    {
        if (member.Granted > 0)
        {
            member.Granted--;
            Granted--;
        }
        else if (waiting.Count > 0 || room - Granted - Taken <= 0)
        {
            member.Demand = demand;
            Enqueue(member);
            return false;
        }

        Taken++;
        member.Undispatched++;
        member.Uncommitted++;
        return true;
    }

    /// <summary>Sets room aside for those who wait, longest first, and says whom to tell.</summary>
    internal void Distribute(int room, List<ChannelMember> toTell)
    {
        var free = room - Granted - Taken;
        while (free > 0 && waiting.TryDequeue(out var member))
        {
            member.IsWaiting = false;
            if (!member.HasLeft)
            {
                var share = Math.Clamp(member.Demand, 1, Math.Max(1, free / (waiting.Count + 1)));
                member.Granted += share;
                Granted += share;
                free -= share;
                toTell.Add(member);
            }
        }
    }

    /// <summary>Gives back room that was set aside and is not needed.</summary>
    internal void Return(ChannelMember member)
    {
        Granted -= member.Granted;
        member.Granted = 0;
    }

    /// <summary>A taken call is started, or will not be.</summary>
    internal void Release(int calls) => Taken -= calls;

    void Enqueue(ChannelMember member)
    {
        if (!member.IsWaiting)
        {
            member.IsWaiting = true;
            waiting.Enqueue(member);
        }
    }
}
