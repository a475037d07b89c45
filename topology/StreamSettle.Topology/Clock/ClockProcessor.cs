using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Sub-topology 1: keeps every order from its first change, schedules the completed ones, and hands them to settle when their mark has passed.
/// What a change means before the mark is <see cref="PendingDecider"/>; here it is carried out.
/// </summary>
sealed class ClockProcessor(SettlementPorts ports, SettlementSettings settings, ClockRun run, string ordersTopic) : IProcessor<ReadOnlySpan<byte>, ClockInput>
{
    ProcessorContext context = null!;
    ClockChanges changes = null!;
    ClockOperators operators = null!;
    UnreadableChanges unreadable = null!;
    ClockForgetting forgetting = null!;
    ForgottenOrders forgotten = null!;
    SweptOrders swept = null!;
    ClockSweep sweep = null!;
    ClockFiring firing = null!;
    TaskTally tally = null!;

    public void Init(ProcessorContext context)
    {
        this.context = context;
        tally = run.Tallies.OpenClock(context, StoreNames.ClockTallies);
        forgotten = new(context.Store(StoreNames.ClockTallies));
        swept = new(context.Store(StoreNames.ClockTallies));
        var orders = new OpenOrders(context.Store(StoreNames.OpenOrders), new(context.Store(StoreNames.OpenOrdersByDue)), forgotten, tally.Numbers);
        var desk = new ClockDesk(context);
        var math = new OrderMath(ports.Rules, context.GlobalStore(StoreNames.Merchants), context.GlobalStore(StoreNames.Promoters));
        var scheduler = new ClockScheduler(orders, desk, math, settings);
        changes = new(orders, swept, desk, scheduler);
        sweep = new(orders, swept, changes, settings.MaxSwept);
        operators = new(orders, desk, scheduler, settings);
        unreadable = new(orders, desk, scheduler, changes, ports.OrderKeys(), ports.OrderChanges(), context.Task.Partition, settings);
        forgetting = new(orders, desk);
        firing = new(context, orders, changes, desk, math, settings, run, ordersTopic);
        run.Gate.BeginsAnew(context.Task.Partition);
        context.Schedule(settings.PunctuationInterval, PunctuationType.WallClockTime, Punctuate);
    }

    public void Process(scoped in Record<ReadOnlySpan<byte>, ClockInput> record)
    {
        var input = record.Value;
        if (input.Request is { } request)
        {
            changes.TakeSwept(request.Key.Order, context.SystemTime);
            operators.Handle(request, context.SystemTime);
        }
        else if (input.Intake is { } intake)
        {
            unreadable.Handle(intake, context.SystemTime);
        }
        else if (input.Finished is { } finished)
        {
            forgetting.Handle(finished);
        }
        else if (input.Unreadable is { } reason)
        {
            unreadable.SetAside(
                new()
                {
                    At = context.Metadata, TimestampMs = record.TimestampMs, KeyIsNull = record.KeyIsNull, Key = record.Key, Headers = record.Headers, Value = input.Raw,
                },
                reason, context.SystemTime);
        }
        else if (!record.IsTombstone && input.Change.Op != ChangeOp.None)
        {
            changes.Apply(input.Change, record.Headers, context.Metadata, replayedBy: null, context.SystemTime);
        }
    }

    public void BeforeCommit()
    {
        tally.Keep();
        forgotten.Keep();
        swept.Keep();
    }

    public void Close() => run.Tallies.CloseClock(context, tally);

    void Punctuate(UtcInstant now)
    {
        // Until the walk has come to its end settle may hold orders that are gone and not told so yet: no mark is reported as passed.
        if (sweep.Walk(now))
        {
            firing.Fire(now);
        }
    }
}
