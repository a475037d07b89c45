using StreamSettle.Delivery.Lanes;

namespace StreamSettle.Delivery.Channels;

/// <summary>
/// Shares the room of a channel among its tasks and their classes of calls: who finds none queues, and freed room is set aside for who waits longest, so that no task
/// starves. Of what is freed while both wait, key accounts and the priority lane get a share, the ordinary lane and invoices the rest, so that neither starves. Not thread-safe.
/// </summary>
/// <param name="priorityShare">Over 0 and below 1.</param>
internal sealed class Admissions(double priorityShare = 0.5)
{
    /// <summary>While ordinary calls and invoices wait, one in so many is an invoice's.</summary>
    const int InvoiceTurns = 8;

    readonly Queue<AdmissionSeat>[] waiting = [new(), new(), new(), new()];
    double owedToPriority;
    int priorityTurn;
    int ordinaryTurn;
    int probeTurn;

    /// <summary>Room set aside and not yet taken.</summary>
    internal int Granted { get; private set; }

    /// <summary>Calls taken and not yet started or given back.</summary>
    internal int Taken { get; private set; }

    /// <summary>Probes granted, taken or under way.</summary>
    internal int Probes { get; private set; }

    /// <summary>Calls of these classes that wait for room.</summary>
    internal int Wanted(Func<CallClass, bool> mayGo)
    {
        var wanted = 0;
        foreach (var of in CallClasses.ByRank)
        {
            foreach (var seat in mayGo(of) ? waiting[(int)of] : [])
            {
                wanted += seat.Member.HasLeft ? 0 : seat.Demand;
            }
        }

        return wanted;
    }

    /// <summary>Takes room for one call; without any the seat waits for its member to be told.</summary>
    /// <param name="room">Room in the channel, before what is granted and taken; 0 for a class that may not go.</param>
    /// <param name="mayGo">Those that wait of other classes are passed.</param>
    /// <param name="isProbe">The room was set aside for a probe.</param>
    internal bool TryTake(AdmissionSeat seat, int demand, int room, Func<CallClass, bool> mayGo, out bool isProbe)
    {
        isProbe = seat.Probes > 0;
        if (seat.Granted > 0)
        {
            seat.Granted--;
            Granted--;
            if (isProbe)
            {
                seat.Probes--;
                seat.Member.ProbesTaken++;
            }
        }
        else if (room - Granted - Taken <= 0 || HasWaiting(mayGo))
        {
            seat.Demand = demand;
            Enqueue(seat);
            return false;
        }

        Taken++;
        seat.Member.Undispatched++;
        seat.Member.Uncommitted++;
        return true;
    }

    /// <summary>Takes room for more calls of a lane whose first one has some: what is set aside for its member, and what is free where nobody waits. It waits for none.</summary>
    /// <returns>For how many.</returns>
    internal int TakeMore(AdmissionSeat seat, int most, int room, Func<CallClass, bool> mayGo)
    {
        var granted = Math.Min(most, seat.Granted - seat.Probes);
        seat.Granted -= granted;
        Granted -= granted;
        Taken += granted;
        var free = HasWaiting(mayGo) ? 0 : Math.Clamp(room - Granted - Taken, 0, most - granted);
        Taken += free;
        seat.Member.Undispatched += granted + free;
        seat.Member.Uncommitted += granted + free;
        return granted + free;
    }

    /// <summary>Taken calls that will not go now after all.</summary>
    internal void GiveBack(AdmissionSeat seat, int calls)
    {
        Taken -= calls;
        seat.Member.Undispatched -= calls;
        seat.Member.Uncommitted -= calls;
    }

    /// <summary>Sets room aside for those who wait and may go, longest first, and says whom to tell.</summary>
    internal void Distribute(int room, Func<CallClass, bool> mayGo, List<ChannelMember> toTell)
    {
        var free = room - Granted - Taken;
        if (free <= 0)
        {
            return;
        }

        var (first, second) = (HasWaiting(mayGo, overtaking: true), HasWaiting(mayGo, overtaking: false));
        var forFirst = first && second ? Split(free) : first ? free : 0;
        var left = Give(forFirst, mayGo, overtaking: true, toTell);
        left = Give(free - forFirst + left, mayGo, overtaking: false, toTell);
        Give(left, mayGo, overtaking: true, toTell);
    }

    /// <summary>Sets room aside for one call, as a probe, of who may not go else: calls before invoices, the classes in turn.</summary>
    internal bool GrantProbe(int room, Func<CallClass, bool> mayGo, List<ChannelMember> toTell)
    {
        if (room - Granted - Taken <= 0)
        {
            return false;
        }

        probeTurn++;
        for (var i = 0; i < CallClasses.Count; i++)
        {
            var of = i == CallClasses.Count - 1 ? CallClass.Invoice : (CallClass)((probeTurn + i) % (CallClasses.Count - 1));
            if (!mayGo(of) && Next(waiting[(int)of]) is { } seat)
            {
                Grant(seat, 1, toTell);
                seat.Probes++;
                Probes++;
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives back room that was set aside and is not needed.</summary>
    internal void Return(AdmissionSeat seat)
    {
        Granted -= seat.Granted;
        Probes -= seat.Probes;
        (seat.Granted, seat.Probes) = (0, 0);
    }

    /// <summary>Takes back what was set aside for calls that may not go any more; who comes for it waits again.</summary>
    internal void Revoke(IEnumerable<ChannelMember> members, Func<CallClass, bool> mayGo)
    {
        foreach (var seat in members.SelectMany(member => member.Seats).Where(seat => !mayGo(seat.Class)))
        {
            Granted -= seat.Granted - seat.Probes;
            seat.Granted = seat.Probes;
        }
    }

    /// <summary>Taken calls are started, or will not be.</summary>
    internal void Release(int calls) => Taken -= calls;

    /// <summary>Probes are over, or will not be made.</summary>
    internal void EndProbes(int probes) => Probes -= probes;

    int Split(int free)
    {
        owedToPriority += free * priorityShare;
        var whole = Math.Min(free, (int)owedToPriority);
        owedToPriority -= whole;
        return whole;
    }

    /// <returns>What nobody wants.</returns>
    int Give(int free, Func<CallClass, bool> mayGo, bool overtaking, List<ChannelMember> toTell)
    {
        while (free > 0 && NextOf(mayGo, overtaking) is { } seat)
        {
            var share = Math.Clamp(seat.Demand, 1, Math.Max(1, free / (Waiting(mayGo, overtaking) + 1)));
            Grant(seat, share, toTell);
            free -= share;
        }

        return free;
    }

    void Grant(AdmissionSeat seat, int share, List<ChannelMember> toTell)
    {
        seat.Granted += share;
        Granted += share;
        toTell.Add(seat.Member);
    }

    /// <summary>The two classes of a group in turn; an invoice now and then, as it holds nothing back.</summary>
    AdmissionSeat? NextOf(Func<CallClass, bool> mayGo, bool overtaking)
    {
        var (first, second) = (overtaking, overtaking ? ++priorityTurn % 2 : ++ordinaryTurn % InvoiceTurns) switch
        {
            (true, 0) => (CallClass.Priority, CallClass.KeyAccount),
            (true, _) => (CallClass.KeyAccount, CallClass.Priority),
            (false, 0) => (CallClass.Invoice, CallClass.Ordinary),
            _ => (CallClass.Ordinary, CallClass.Invoice),
        };
        return (mayGo(first) ? Next(waiting[(int)first]) : null) ?? (mayGo(second) ? Next(waiting[(int)second]) : null);
    }

    static AdmissionSeat? Next(Queue<AdmissionSeat> queue)
    {
        while (queue.TryDequeue(out var seat))
        {
            seat.IsWaiting = false;
            if (!seat.Member.HasLeft)
            {
                return seat;
            }
        }

        return null;
    }

    bool HasWaiting(Func<CallClass, bool> mayGo) => HasWaiting(mayGo, overtaking: true) || HasWaiting(mayGo, overtaking: false);

    bool HasWaiting(Func<CallClass, bool> mayGo, bool overtaking) => Waiting(mayGo, overtaking) > 0;

    int Waiting(Func<CallClass, bool> mayGo, bool overtaking)
    {
        var count = 0;
        foreach (var of in CallClasses.ByRank)
        {
            count += CallClasses.Overtakes(of) == overtaking && mayGo(of) ? waiting[(int)of].Count : 0;
        }

        return count;
    }

    void Enqueue(AdmissionSeat seat)
    {
        if (!seat.IsWaiting)
        {
            seat.IsWaiting = true;
            waiting[(int)seat.Class].Enqueue(seat);
        }
    }
}
