using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Testing;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>A shop, the whole topology under the driver, and downstream systems that do as the test says.</summary>
sealed class TestBench : IDisposable
{
    public const string App = "settle";
    public const string Prefix = "shop";
    public const long Merchant = 437;

    /// <summary>When the bench's clock starts, and its orders were completed.</summary>
    public static readonly UtcInstant Start = UtcInstant.Parse("2026-11-01T00:00:00Z");

    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>Enough punctuations for a mark to be fired, asked for, answered and released, and its calls to be answered.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(6);

    readonly BenchOptions options;
    IDrivenLog log;
    readonly ByteBuffer buffer = new();
    readonly List<Call> calls = [];
    readonly CommitTimes commits = new();
    long lsn = 1_000;
    long requests;
    int runs;
    bool opened, tearing;

    public TestBench(BenchOptions? options = null)
    {
        this.options = options ?? new();
        Settings = this.options.Settings;
        log = this.options.Log ?? new MemoryLog(this.options.Hostility);
        Time = new(Start.ToDateTimeOffset());
        Facts = new(Time);
        Guard = new(Time);
        (Gate, Driver) = StartProcess();
        if (this.options.Open)
        {
            OpenGate();
            PutMerchant(Merchant);
            PutPromoter(9003, null);
            PutPromoter(9002, 9003);
            PutPromoter(9001, 9002);
        }
    }

    /// <summary>Of the running process.</summary>
    public SettlementSettings Settings { get; private set; }

    public VirtualTime Time { get; }

    public ClockGuard Guard { get; private set; }

    public FiringGate Gate { get; private set; }

    public TopologyDriver Driver { get; private set; }

    /// <summary>The running numbers of this process.</summary>
    public SettlementTallies Tallies { get; private set; } = new();

    /// <summary>What the running process knows to be held.</summary>
    public HoldBook Holds { get; private set; } = new();

    public ScriptedDelivery Delivery { get; } = new();

    public CollectedFacts Facts { get; }

    public UtcInstant Now => UtcInstant.Now(Time);

    public IDrivenLog Log => log;

    public int Partitions => options.Partitions;

    /// <summary>The position of the last written change.</summary>
    public long LastLsn => lsn;

    public void Dispose() => Driver.Dispose();

    /// <summary>The process ends without a commit and starts anew: all that was in memory is gone.</summary>
    public void Restart(bool open = true, SettlementSettings? settings = null)
    {
        Settings = settings ?? Settings;
        Driver.Dispose();
        log.Reopen();

        // A new driver reads every topic from its beginning.
        calls.Clear();
        opened = false;
        Guard = new(Time);
        (Gate, Driver) = StartProcess();
        if (open)
        {
            OpenGate();
        }
    }

    /// <summary>The process ends, and its state is lost: the next one begins on a new log, which is filled before.</summary>
    public void LoseState(Action<MemoryLog> fill)
    {
        Driver.Dispose();
        calls.Clear();
        opened = false;
        var empty = new MemoryLog(options.Hostility);
        log = empty;
        Facts.BeginAnew();
        Guard = new(Time);

        // One that does nothing makes the topics.
        StartProcess().Driver.Dispose();
        fill(empty);
        (Gate, Driver) = StartProcess();
    }

    public void OpenGate()
    {
        opened = true;
        SourceRead(Time.GetTimestamp());
    }

    /// <summary>Everything that stood in the source at an instant is in the log, and <paramref name="more"/> records a partition will be.</summary>
    public void SourceRead(long at, long more = 0) => SourceRead(at, partition => log.EndOffset(new(Topics.Orders(Prefix), partition)) + more);

    /// <summary>The source's capture says in the log that everything that stood in the source at an instant ends at these offsets.</summary>
    public void SourceRead(long at, Func<int, long> endOf, string? by = null, Func<int, long>? wholeOf = null)
    {
        buffer.Clear();
        var whole = Enumerable.Range(0, options.Partitions).Select(wholeOf ?? endOf).ToArray();
        new SourceProgress(by ?? $"run{runs}", at, [.. Enumerable.Range(0, options.Partitions).Select(endOf)]) { WholeEnds = whole }.Write(new(buffer));
        Driver.Append(Topics.SourceProgress, [], buffer.Written.ToArray(), Now.Microseconds / 1000, partition: 0);
    }

    /// <summary>Time goes by. Once the gate was opened the source goes on saying that it has been read, unless it is the test that says for how long it may be silent.</summary>
    public void Advance(TimeSpan by)
    {
        if (opened && options.Silence == TimeSpan.MaxValue)
        {
            OpenGate();
        }

        Driver.AdvanceTime(by);
    }

    /// <summary>Lets the ordinary mark of orders that were completed at the start pass, and their calls be answered.</summary>
    public void PassMark() => Advance(Start + Day + Settling - Now);

    /// <summary>Writes the row, as an update of the shop does; returns its position.</summary>
    public long Put(
        ShopOrder order, long? position = null, long? commit = null, bool streamed = true, bool hasPosition = true, byte[]? headers = null, bool run = true, SourceTransaction? by = null)
    {
        var at = position ?? ++lsn;
        var transaction = by ?? new(commits.Of(commit ?? at, Now), TxId: 0);
        var change = new OrderChange
        {
            Op = ChangeOp.Upsert, Id = new(order.Id), Position = PositionOf(at, commit ?? at, streamed, hasPosition), CommittedAt = transaction.CommittedAt, TxId = transaction.TxId,
            Row = order.ToRow(),
        };
        Write(order.Id, change, headers, run);
        return at;
    }

    /// <summary>Writes the row in a transaction of its own, and time goes by until that is known to be whole.</summary>
    public void PutWhole(ShopOrder order, long? position = null, long? commit = null)
    {
        Put(order, position, commit);
        Read();
    }

    /// <summary>Writes the row as an update of one that was completed already.</summary>
    public void Update(ShopOrder order)
    {
        buffer.Clear();
        new OrderChangeSerde().Write(
            new() { Op = ChangeOp.Upsert, Id = new(order.Id), Position = ChangePosition.Streamed(++lsn), CommittedAt = commits.Of(lsn, Now), Row = order.ToRow() }, new(buffer));
        var before = $$"""{"order_id":{{order.Id}},"note":"\"completed_at\":null","completed_at":"2026-10-01T00:00:00Z"}""";
        var change = Encoding.UTF8.GetString(buffer.Written).Replace("{\"before\":null", "{\"before\":" + before, StringComparison.Ordinal);
        Driver.Pipe(Topics.Orders(Prefix), KeyOf(order.Id), Encoding.UTF8.GetBytes(change), Now.Microseconds / 1000);
    }

    public long Delete(long order, long? position = null, long? commit = null, byte[]? headers = null, bool run = true)
    {
        var at = position ?? ++lsn;
        Write(order, new() { Op = ChangeOp.Delete, Id = new(order), Position = ChangePosition.Streamed(commit ?? at, at), CommittedAt = commits.Of(commit ?? at, Now) }, headers, run);
        return at;
    }

    /// <summary>The table of orders is emptied, or was read anew at a point: stands in every partition.</summary>
    public ChangePosition SweepOrders(ChangePosition? at = null, bool run = true, SourceTransaction? by = null)
    {
        var position = at ?? ChangePosition.Streamed(++lsn, lsn);
        buffer.Clear();
        new OrderChangeSerde().Write(new() { Op = ChangeOp.Sweep, Position = position, CommittedAt = by?.CommittedAt ?? Now, TxId = by?.TxId ?? 0 }, new(buffer));
        AppendToAll(Topics.Orders(Prefix), options.Partitions);
        if (run)
        {
            Driver.RunUntilIdle();
        }

        return position;
    }

    /// <summary>The same of merchants and promoters, in the first partitions.</summary>
    public void SweepMerchantsAndPromoters(int partitions)
    {
        var position = ChangePosition.Streamed(++lsn, lsn);
        buffer.Clear();
        new MerchantChangeSerde().Write(new() { Op = ChangeOp.Sweep, Position = position }, new(buffer));
        AppendToAll(Topics.Merchants(Prefix), partitions);
        buffer.Clear();
        new PromoterChangeSerde().Write(new(ChangeOp.Sweep, default, position, null), new(buffer));
        AppendToAll(Topics.Promoters(Prefix), partitions);
        Driver.RunUntilIdle();
    }

    void AppendToAll(string topic, int partitions) =>
        Enumerable.Range(0, partitions).ToList().ForEach(partition => Driver.Append(topic, [], buffer.Written.ToArray(), Now.Microseconds / 1000, partition: partition));

    /// <summary>Changes the primary key, as Debezium writes it: a deletion, a tombstone, a creation.</summary>
    public void Rename(ShopOrder order, long newId)
    {
        Delete(order.Id, headers: Headers.Encode(("__debezium.newkey", KeyOf(newId))));
        Driver.PipeTombstone(Topics.Orders(Prefix), KeyOf(order.Id), Now.Microseconds / 1000);
        Put(order with { Id = newId }, headers: Headers.Encode(("__debezium.oldkey", KeyOf(order.Id))));
    }

    public void PutMerchant(long id, string tier = "STANDARD", string country = "DE", string zone = "UTC", UnsentMerchantColumns unsent = UnsentMerchantColumns.None)
    {
        buffer.Clear();
        new MerchantChangeSerde().Write(
            new() { Op = ChangeOp.Upsert, Id = new(id), Position = ChangePosition.Streamed(++lsn, lsn), Row = new() { Id = new(id), Tier = Encoding.UTF8.GetBytes(tier), Country = Encoding.UTF8.GetBytes(country), TimeZone = Encoding.UTF8.GetBytes(zone), Unsent = unsent } },
            new(buffer));
        Driver.Pipe(Topics.Merchants(Prefix), Encoding.UTF8.GetBytes($$"""{"merchant_id":{{id}}}"""), buffer.Written.ToArray(), Now.Microseconds / 1000);
    }

    public void DeleteMerchant(long id)
    {
        buffer.Clear();
        new MerchantChangeSerde().Write(new() { Op = ChangeOp.Delete, Id = new(id), Position = ChangePosition.Streamed(++lsn, lsn) }, new(buffer));
        Driver.Pipe(Topics.Merchants(Prefix), Encoding.UTF8.GetBytes($$"""{"merchant_id":{{id}}}"""), buffer.Written.ToArray(), Now.Microseconds / 1000);
    }

    public void PutPromoter(long id, long? parent)
    {
        buffer.Clear();
        new PromoterChangeSerde().Write(new(ChangeOp.Upsert, new(id), ChangePosition.Streamed(++lsn, lsn), parent is { } p ? new PromoterId(p) : null), new(buffer));
        Driver.Pipe(Topics.Promoters(Prefix), Encoding.UTF8.GetBytes($$"""{"promoter_id":{{id}}}"""), buffer.Written.ToArray(), Now.Microseconds / 1000);
    }

    /// <summary>Records that the runtime has passed over, as it does with what a source cannot read, and why.</summary>
    public UnreadRecords Unread { get; } = new();

    /// <summary>Names the next request of an operator.</summary>
    public string NextRequest() => $"r{++requests}";

    /// <summary>Delivery says what became of a call that the script left open.</summary>
    public void Answer(string key, DeliveryOutcome outcome, int attempt = 1, long merchant = Merchant)
    {
        Assert.True(CallKey.TryParse(key, out var parsed));
        buffer.Clear();
        new DeliveryResult(outcome, parsed, new(merchant), attempt, Now, "said").Write(new(buffer));
        Span<byte> id = stackalloc byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(id, merchant);
        Driver.Pipe(Topics.Repartition(App, Topics.DeliveryResults), id, buffer.Written.ToArray(), Now.Microseconds / 1000);
    }

    public void Confirm(string key) => Answer(key, DeliveryOutcome.Confirmed);

    /// <summary>Writes the row so that nobody can read it until <see cref="Mend"/>; returns its position.</summary>
    public long Tear(ShopOrder order, byte[]? headers = null, long? position = null, long? commit = null, bool hasPosition = true) =>
        Torn(() => Put(order, position, commit, headers: headers, hasPosition: hasPosition));

    /// <summary>Deletes the row so that nobody can read it until <see cref="Mend"/>.</summary>
    public long TearDeletion(long order, byte[]? headers = null) => Torn(() => Delete(order, headers: headers));

    /// <summary>From now on the program reads what was torn.</summary>
    public void Mend() => Readable.Mended = true;

    /// <summary>From now on it does not again.</summary>
    public void Unmend() => Readable.Mended = false;

    /// <summary>The records of the source that could not be read, by their place.</summary>
    public IReadOnlyList<DeadLetter> TornLetters(long order) =>
        [.. DeadLetters().Where(letter => letter.Stage == Kernel.DeadLetters.DeadLetter.Intake && letter.OrderId == order).OrderBy(letter => letter.Offset)];

    TornDeserializer.State Readable { get; } = new();

    public IReadOnlyList<SettlementEvent> Events(long order) => Facts.Of(order);

    /// <summary>The names of an order's facts, in order.</summary>
    public string[] Told(long order) => [.. Events(order).Select(happened => happened.GetType().Name)];

    public T Only<T>(long order)
        where T : SettlementEvent => Assert.Single(Events(order).OfType<T>());

    /// <summary>Every committed command so far; those of one leg and partition in their order.</summary>
    public IReadOnlyList<Call> Calls()
    {
        foreach (var leg in SettlementTopology.Calls)
        {
            calls.AddRange(Driver.ReadOutput(Topics.Repartition(App, Topics.Commands(leg))).Select(record => Call.Of(Delivery.Formats.Commands().Read(record.Value))));
        }

        return calls;
    }

    public string[] Sent(long order) => [.. Calls().Where(call => call.Key.Order.Value == order && call.Kind == DeliveryCommandKind.Send).Select(call => call.Text)];

    public string Body(string key) => Assert.Single(Calls(), call => call.Text == key && call.Kind == DeliveryCommandKind.Send).Body;

    public DeadLetter? DeadLetter(string key) =>
        Driver.GlobalStore(StoreNames.DeadLetters).TryGet(Encoding.UTF8.GetBytes(key), out var value) ? Kernel.DeadLetters.DeadLetter.Read(value) : null;

    public IReadOnlyList<DeadLetter> DeadLetters()
    {
        List<DeadLetter> letters = [];
        using var scan = Driver.GlobalStore(StoreNames.DeadLetters).Scan([], []);
        while (scan.MoveNext())
        {
            letters.Add(Kernel.DeadLetters.DeadLetter.Read(scan.Value));
        }

        return letters;
    }

    /// <summary>Time goes by until what was written last is known to be whole.</summary>
    public void Read() => Advance(2 * Settings.PunctuationInterval);

    public static byte[] KeyOf(long order) => Encoding.UTF8.GetBytes($$"""{"order_id":{{order}}}""");

    long Torn(Func<long> write)
    {
        tearing = true;
        try
        {
            return write();
        }
        finally
        {
            tearing = false;
        }
    }

    static ChangePosition PositionOf(long lsn, long commit, bool streamed, bool hasPosition) =>
        !hasPosition ? ChangePosition.None : streamed ? ChangePosition.Streamed(commit, lsn) : ChangePosition.Snapshot(lsn);

    void Write(long order, OrderChange change, byte[]? headers, bool run)
    {
        buffer.Clear();
        if (tearing)
        {
            new ByteWriter(buffer).Raw(TornDeserializer.Tear);
        }

        new OrderChangeSerde().Write(change, new(buffer));
        Driver.Append(Topics.Orders(Prefix), KeyOf(order), buffer.Written.ToArray(), Now.Microseconds / 1000, headers);
        if (run)
        {
            Driver.RunUntilIdle();
        }
    }

    (FiringGate Gate, TopologyDriver Driver) StartProcess()
    {
        var gate = new FiringGate(Guard, Time, options.Silence);
        Tallies = new();
        Holds = new();
        Delivery.Formats = options.Formats();
        var ports = BenchPorts.Of(gate) with
        {
            Formats = Delivery.Formats,
            Holds = Holds,
            SourceRows = options.Rows,
            Rules = options.Rules,
            OrderChanges = () => new TornDeserializer(new OrderChangeSerde(schemas: options.Schemas), Readable),
            OrderKeys = () => new OrderKeySerde(schemas: options.Schemas),
            Progress = new(options.Partitions),
            Run = $"run{++runs}",
            Delivery = options.System is { } system ? new RealDelivery(system, options.Calls, Time, Holds, Delivery.Formats).AddTo : Delivery.AddTo,
            Group = (_, _) => { },
            Audit = Facts.Sink(),
            Tallies = Tallies,
        };
        var topology = SettlementTopology.Build(App, options.Partitions, Settings, ports);
        return (gate, new(topology, Time, new() { CommitEvery = options.CommitEvery, OnDeserializationException = Unread.PassOver }, log));
    }
}
