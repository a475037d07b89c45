using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// The sub-topology <c>clock</c>, by order: keeps every order from its first change, schedules the completed ones, and hands them to settle when their mark has passed.
/// What a change means before the mark is <see cref="PendingDecider"/>; here it is carried out.
/// </summary>
sealed class ClockProcessor(SettlementPorts ports, SettlementSettings settings) : IProcessor<ReadOnlySpan<byte>, ClockInput>
{
    ProcessorContext context = null!;
    ClockChanges changes = null!;
    ClockOperators operators = null!;
    UnreadableChanges unreadable = null!;
    ClockForgetting forgetting = null!;
    ForgottenOrders forgotten = null!;
    SweptOrders swept = null!;
    WholeTransactions whole = null!;
    ClockReports reports = null!;
    TaskTally tally = null!;

    public void Init(ProcessorContext context)
    {
        this.context = context;
        var partition = context.Task.Partition;
        tally = ports.Tallies.OpenClock(context, StoreNames.ClockTallies);
        forgotten = new(context.Store(StoreNames.ClockTallies));
        swept = new(context.Store(StoreNames.ClockTallies));
        whole = new(context.Store(StoreNames.ClockTallies));
        var orders = new OpenOrders(new(context.Store(StoreNames.OpenOrders), context.Store(StoreNames.OpenOrdersByDue)), forgotten, tally.Numbers);
        var outputs = new ClockOutputs(context);
        var math = new OrderMath(ports.Rules, context.GlobalStore(StoreNames.Merchants), context.GlobalStore(StoreNames.Promoters));
        var scheduler = new ClockScheduler(orders, outputs, math, settings);
        changes = new(orders, swept, whole, outputs, scheduler, new(orders, ports.SourceRows, settings));
        operators = new(orders, outputs, scheduler);
        unreadable = new(orders, outputs, scheduler, changes, ports, partition);
        forgetting = new(orders, outputs);
        ports.Gate.BeginsAnew(partition);
        reports = new(context, new(context.Store(StoreNames.ClockTallies)), ports.Progress, settings.PunctuationInterval);
        var punctuator = new ClockPunctuator(
            context, new(orders, swept, changes, settings.MaxSwept), new(orders, changes, scheduler, outputs, whole, settings.MaxFired), outputs, reports, ports);
        context.Schedule(settings.PunctuationInterval, PunctuationType.WallClockTime, punctuator.Punctuate);
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, ClockInput> record)
    {
        var input = record.Value;
        if (input.Request is { } request)
        {
            Operate(request, context.SystemTime);
        }
        else if (input.Finished is { } finished)
        {
            forgetting.Handle(finished);
        }
        else if (input.Unreadable is { } reason)
        {
            SetAside(record, reason);
        }
        else if (!record.IsTombstone && input.Change.Op != ChangeOp.None)
        {
            Take(record);
        }
    }

    public void BeforeCommit()
    {
        tally.Keep();
        forgotten.Keep();
        swept.Keep();
        whole.Keep();
        reports.BeforeCommit();
    }

    public void Close()
    {
        ports.Gate.Leaves(context.Task.Partition);
        ports.Gate.StandsAt(context.Task, null);
        ports.Tallies.CloseClock(context, tally);
    }

    void Take(scoped in Record<ReadOnlySpan<byte>, ClockInput> record)
    {
        var change = record.Value.Change;
        if (Fill(ref change) is { } reason)
        {
            SetAside(record, reason);
        }
        else
        {
            changes.Apply(change, record.Headers, context.Metadata, replayedBy: null, context.SystemTime);
        }
    }

    string? Fill(ref OrderChange change)
    {
        try
        {
            return changes.Unsent.Fill(ref change, context.Metadata, isReplay: false);
        }
        catch (EnvironmentFailedException away)
        {
            throw new RecordNotTakenException(away.Message, isForNow: true, away);
        }
    }

    void SetAside(scoped in Record<ReadOnlySpan<byte>, ClockInput> record, string reason) => unreadable.SetAside(
        new()
        {
            At = context.Metadata, TimestampMs = record.TimestampMs, KeyIsNull = record.KeyIsNull, Key = record.Key, Headers = record.Headers, Value = record.Value.Raw,
        },
        reason, context.SystemTime);

    void Operate(OperatorRequest request, UtcInstant now)
    {
        switch (request)
        {
            case OperatorRequest.OfKey ofKey:
                changes.TakeSwept(ofKey.Key.Order, now);
                operators.Handle(ofKey, now);
                break;
            case OperatorRequest.OfRecord ofRecord:
                unreadable.Handle(ofRecord, now);
                break;
            default:
                throw new BrokenInvariantException($"unknown request {request}");
        }
    }
}
