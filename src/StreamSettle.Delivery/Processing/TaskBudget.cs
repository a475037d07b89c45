using StreamSettle.Delivery.Budgets;
using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Groups;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Delivery.Processing;

/// <summary>What a task's store keeps of its system's budget, in the transactions of its calls: by which clock, requests used and reserved, and the system's terms (I11).</summary>
internal sealed class TaskBudget(ProcessorContext context, DownstreamChannel channel, IKeyValueStore store, DeliveryOutputs outputs)
{
    readonly TaskTurns turns = new(context, channel, store, outputs);
    readonly BudgetStore requests = new(store);
    readonly TermsStore terms = new(store);
    readonly StoreClock clock = new(store, channel.Boot);
    long? reserved;
    int securing;
    int underWay;
    bool isReservedChanged;
    bool hasWritten;

    /// <summary>Instants that were kept by another clock mean the same by this one from now on.</summary>
    /// <returns>How far this clock is ahead of the one that they were kept by.</returns>
    internal TimeSpan Open()
    {
        var shift = clock.Open(context.MonotonicTime);
        if (shift != TimeSpan.Zero)
        {
            requests.Move(shift);
            terms.Move(shift);
            hasWritten = true;
        }

        reserved = requests.ReadReserved();
        turns.Open();
        return shift;
    }

    /// <summary>
    /// A call was found under way: its request is used as of now, in the first transaction. So the next start, however soon, finds it as used then, and no request is
    /// dated anew. Which calls shared a batch is not kept, so each counts as a request: rather too many than too few. Where permits are kept they say it, and better.
    /// </summary>
    internal void Recover()
    {
        hasWritten = true;
        if (reserved is null)
        {
            underWay++;
            requests.Add(1);
        }
    }

    /// <summary>Takes a seat at the channel with what is remembered.</summary>
    /// <param name="used">As remembered before anything was recovered.</param>
    internal ChannelMember Join(IReadOnlyList<(MonotonicInstant At, long Count)> used, Action<ChannelMessage> post)
    {
        var mayBeUsed = reserved ?? underWay;
        if (channel.IsShared)
        {
            if (reserved > 0)
            {
                requests.AddUntil(GroupBudget.MayBeUsedUntil(channel.Options, context.MonotonicTime), reserved.Value);
                requests.KeepReserved(0);
                hasWritten = true;
            }

            reserved = 0;
        }

        return channel.Join(context.Task.Partition, post, used, mayBeUsed, terms.Read());
    }

    internal IReadOnlyList<(MonotonicInstant At, long Count)> ReadUsed() => requests.Read();

    /// <summary>Requests are over.</summary>
    internal void Spend(int count)
    {
        requests.Add(count);
        Reserve(-count);
    }

    /// <summary>Permits may be used when this is committed; a negative number is of those that will not be. Written with the call that it is for.</summary>
    internal void Reserve(int permits)
    {
        if (channel.IsShared)
        {
            reserved += permits;
            securing += Math.Max(0, permits);
            isReservedChanged |= permits != 0;
        }
    }

    /// <summary>What the channel has to say of the budget beside answers: written at once, as no call may be.</summary>
    internal void Take(ChannelMessage.OfBudget message)
    {
        switch (message)
        {
            case ChannelMessage.Reserve:
                Reserve(1);
                break;
            case ChannelMessage.Spent:
                Spend(1);
                break;
            case ChannelMessage.GivenUp { Permits: var permits }:
                Reserve(-permits);
                break;
            case ChannelMessage.Claim { Turns: var claim }:
                // The permit may be used when the log says whose the turns are.
                reserved++;
                turns.Claim(claim);
                break;
            case ChannelMessage.ClaimEnded ended:
                turns.End(ended.Turns, ended.Over);
                Reserve(ended.Unused ? -1 : 0);
                break;
            default:
                throw new BrokenInvariantException($"unknown message {message}");
        }

        KeepReserved();
    }

    /// <summary>Time has passed.</summary>
    internal void Tick() => turns.Tick();

    /// <summary>Keeps an answer's terms, and tells the group what is news to it.</summary>
    internal void Keep(ChannelMessage.Answered answer)
    {
        terms.Keep(answer.Terms);
        if (answer.News is { } news)
        {
            outputs.Tell(new(channel.Leg), GroupRecord.Told.At(news, context.MonotonicTime), context.SystemTime);
        }
    }

    void KeepReserved()
    {
        isReservedChanged = false;
        hasWritten = true;
        requests.KeepReserved(reserved!.Value);
    }

    /// <summary>Something was written whose instants are to be understood later.</summary>
    internal void Written() => hasWritten = true;

    internal void BeforeCommit()
    {
        requests.Flush(context.MonotonicTime);
        if (isReservedChanged)
        {
            KeepReserved();
        }

        if (hasWritten)
        {
            hasWritten = false;
            clock.Keep(context.MonotonicTime);
        }
    }

    /// <summary>Permits that the commit has secured.</summary>
    internal int TakeSecured()
    {
        var secured = securing;
        securing = 0;
        return secured;
    }
}
