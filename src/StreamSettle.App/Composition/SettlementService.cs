using StreamSettle.App.Callbacks;
using StreamSettle.App.Checks;
using StreamSettle.App.Configuration;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Holds;
using StreamSettle.App.Payouts;
using StreamSettle.App.Running;
using StreamSettle.App.Scanning;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Notarising;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Completing;
using StreamSettle.Connectors;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Groups;
using StreamSettle.Delivery.Processing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Registry;
using StreamSettle.Settlement.Rules;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Kafka.Members;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Streamiz;
using StreamSettle.Streams.Tasks;
using StreamSettle.Topology.Clock;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Tallies;
using StreamSettle.Topology;

namespace StreamSettle.App.Composition;

/// <summary>The composition of the service, by hand, from top to bottom: log, event log, source, topology, downstreams, threads. Started once, stopped once.</summary>
sealed class SettlementService : IAsyncDisposable
{
    /// <summary>The thread group that may wait for the event log's database.</summary>
    public const string AuditGroup = "audit";

    /// <summary>Facts that come singly reach the event log in one transaction: at 200 orders a second it halves PostgreSQL's work.</summary>
    static readonly TimeSpan AuditLinger = TimeSpan.FromMilliseconds(100);

    /// <summary>What comes singly is committed together, unless a lane waits for it; on a cluster a transaction waits for the brokers anyway.</summary>
    static readonly TimeSpan CommitLinger = TimeSpan.FromMilliseconds(10);

    /// <summary>A lane's next call waits no longer for a commit while there is much to do; on a cluster it would be one transaction more.</summary>
    static readonly TimeSpan HurriedCommit = TimeSpan.FromMilliseconds(5);

    /// <summary>By then settle has what the clocks have found due.</summary>
    static readonly TimeSpan ReleasePhase = TimeSpan.FromMilliseconds(10);

    static readonly TimeSpan PressureInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for the event log to take the last facts; what it has not is left to the next start.</summary>
    static readonly TimeSpan LastFacts = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource stopping = new();
    readonly CancellationTokenSource abandoningAudit = new();
    readonly ServiceOptions options;
    readonly AuditSink audit;
    readonly ICdcSource source;
    readonly ConnectClient? connect;
    readonly RegistrySchemas? schemas;
    readonly SourceRows rows;
    readonly LogLease? lease;
    readonly EventLogSealer? sealer;
    readonly SealMeter? sealMeter;
    readonly Notarising? notarising;
    readonly ILogger logger;
    readonly ITimer pressure;
    readonly HoldMeter holdMeter;
    readonly RestoreMeter restoreMeter;
    readonly PayoutMeter payoutMeter;
    Task sourceRun = Task.CompletedTask;
    Task sealing = Task.CompletedTask;
    Task notaryRun = Task.CompletedTask;
    Task holdRun = Task.CompletedTask;

    /// <param name="start">Has been prepared: what it opened is the service's from now on.</param>
    SettlementService(ServiceOptions options, IServiceStart start, Func<Guid> newId, TimeProvider time, ILoggerFactory loggers)
    {
        this.options = options;
        logger = loggers.CreateLogger<SettlementService>();
        Time = time;
        NewId = newId;
        Acts = new(time);
        schemas = options.Transport is TransportOptions.Kafka { Registry: { } registry } ? new(registry, time) : null;
        rows = new(options.Source, time);
        Readers = new(options.Source, schemas);
        (Log, EventLog, lease) = (start.Log, start.EventLog, start.Lease);
        Messages = MessageFormats.Open(options, KeptFormat.Of(options, Log.ReadMetadata, start.IsFirst), schemas, time);
        Operators = new(Log);
        Callbacks = new(SettlementTopology.Calls.ToDictionary(leg => leg, leg => options.Downstreams[leg]), time, loggers.CreateLogger<CallbackDesk>());
        SourceEnds = new(Log, Topics.Orders(options.Source.TopicPrefix), options.Partitions, time);
        var run = newId().ToString("N");
        var rules = RuleFiles.Load(options.RulesDirectory);
        Clock = new(time);
        Gate = new(Clock, time, options.Source.Silence);
        audit = new(EventLog, Log.Identity, time, abandoningAudit.Token);
        sealer = options.Seal is { } seal ? new(options.Audit, seal, Log.Identity, time) : null;
        sealMeter = sealer is null ? null : new(sealer, time);
        notarising = Notarising.Of(options, newId, time);
        // Without the machine's own, this process's: no time counts then that passed between two starts.
        var boot = MachineBoot.Read() ?? newId();
        var seat = options.Transport is TransportOptions.Kafka ? new GroupSeat(options.Partitions, newId()) : null;
        Channels = [.. SettlementTopology.Calls.Select(leg => DownstreamChannel.OverHttp(leg, options.CallsTo(leg), time, boot, seat, loggers.CreateLogger<DownstreamChannel>()).GoBy(Holds))];
        Topology = SettlementTopology.Build(options.ApplicationId, options.Partitions, options.Settlements with { ReleasePhase = ReleasePhase }, new()
        {
            SourcePrefix = options.Source.TopicPrefix,
            OwnTopic = options.OwnTopic,
            OrderChanges = () => OrderChangeSerde.Of(options.Source, schemas),
            OrderKeys = () => new OrderKeySerde(options.Source.Orders.OrderId, schemas),
            MerchantChanges = () => MerchantChangeSerde.Of(options.Source, schemas),
            SourceRows = rows,
            PromoterChanges = () => new PromoterChangeSerde(options.Source.Promoters, schemas),
            Rules = rules,
            Gate = Gate,
            Progress = new(options.Partitions),
            Tallies = Tallies,
            Run = run,
            Delivery = (builder, leg, topics) =>
                builder.AddDelivery(leg, () => Channels.Single(channel => channel.Leg == leg), topics, JitterSeed.Of(Log.Identity, leg), new(Messages.Formats.Commands, Messages.Formats.Results, Messages.Formats.DeadLetters)),
            Group = (builder, topic) => builder.AddGroup(leg => Channels.Single(channel => channel.Leg == leg), topic),
            Audit = audit,
            Holds = Holds,
            Formats = Messages.Formats,
        });
        holdMeter = new(Holds, Tallies, time);
        payoutMeter = new(Tallies);
        Streams = OpenStreams(loggers);
        restoreMeter = new(Streams.Metrics);
        connect = options.Transport is TransportOptions.Kafka kafka ? new(kafka.Connect.Url, time) : null;
        source = SourceOf(run, (start.IsFirst, start.IsRebuilt), FirstStart(rules), loggers);
        pressure = time.CreateTimer(_ => Gate.Press(AuditPressure()), null, PressureInterval, PressureInterval);
    }

    public TimeProvider Time { get; }

    /// <summary>An id that nobody else has or had: never cut it.</summary>
    public Func<Guid> NewId { get; }

    /// <summary>Prefix of the source's topics.</summary>
    public string SourcePrefix => options.Source.TopicPrefix;

    /// <summary>Of every topic.</summary>
    public int Partitions => options.Partitions;

    /// <summary>How long an order is remembered after its mark.</summary>
    public TimeSpan Retention => options.Settlements.Retention;

    /// <summary>What operators asked of dead letters a moment ago.</summary>
    public ActsUnderWay Acts { get; }

    public SourceReaders Readers { get; }

    /// <summary>In what form records between our own tasks are.</summary>
    public MessageFormats Messages { get; }

    /// <summary>The name in the log of a topic of ours.</summary>
    public string OwnTopic(string name) => options.OwnTopic(name);

    /// <summary>What operators ask for goes into the log by it.</summary>
    public OperatorCommits Operators { get; }

    /// <summary>What systems tell of their own accord is judged by it.</summary>
    public CallbackDesk Callbacks { get; }

    public IStreamLog Log { get; }

    /// <summary>Those that share the work on a cluster, this one among them; none on the embedded transport.</summary>
    public IReadOnlyList<ApplicationMember> Instances => Log is KafkaLog cluster ? cluster.Members : [];

    public MartenEventLog EventLog { get; }

    public Streams.Topologies.Topology Topology { get; }

    public StreamsApp Streams { get; }

    /// <summary>How much of the source is in the log.</summary>
    public SourceEnds SourceEnds { get; }

    /// <summary>Whether the wall clock can be trusted.</summary>
    public ClockGuard Clock { get; }

    public FiringGate Gate { get; }

    /// <summary>Counts along the road.</summary>
    public SettlementTallies Tallies { get; } = new();

    /// <summary>What people keep back.</summary>
    public HoldBook Holds { get; } = new();

    public IReadOnlyList<DownstreamChannel> Channels { get; }

    public CdcStatus SourceStatus => source.Status;

    /// <summary>Reads the orders' table again where operators ask for it; null where the capture inside the service does not read that table.</summary>
    public ScanService? Scan { get; private set; }

    public SinkStatus? AuditStatus => audit.Status;

    /// <summary>Null where events are not sealed.</summary>
    public SealerStatus? SealerStatus => sealer?.Status;

    /// <summary>Where the event log is, and the master keys of its personal data.</summary>
    public AuditOptions AuditOptions => options.Audit;

    /// <summary>Null where nothing is notarised.</summary>
    public NotariserStatus? NotariserStatus => notarising?.Status;

    /// <summary>How events are sealed; null where they are not.</summary>
    public SealOptions? Seal => options.Seal;

    /// <summary>Ends with the failure that stops the service; well after a stop.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <param name="tell">What the start waits for; null when it does no more.</param>
    /// <exception cref="UserMistakeException">The configuration, the state directory, the source or the event log are not as they must be.</exception>
    /// <exception cref="EnvironmentFailedException">Something around cannot be reached.</exception>
    public static async Task<SettlementService> StartAsync(
        ServiceOptions options, Func<Guid> newId, TimeProvider time, ILoggerFactory loggers, Action<string?> tell, CancellationToken stop)
    {
        if (options is { Rebuild: true, Transport: TransportOptions.Kafka })
        {
            throw new UserMistakeException("--rebuild is for Transport=Embedded, where local state is all there is. On Kafka the changelog topics are the truth: an empty StateDirectory is filled from them by itself. Start without --rebuild.");
        }

        IServiceStart start = options.Transport is TransportOptions.Kafka kafka
            ? new KafkaStart(options, kafka.Log, time, loggers)
            : new EmbeddedStart(options, newId, time, loggers);
        SettlementService? service = null;
        try
        {
            await start.PrepareAsync(stop);
            service = new(options, start, newId, time, loggers);
            await service.Messages.RegisterAsync(tell, stop);
            await service.RunAsync(stop);
            return service;
        }
        catch
        {
            await start.WithdrawAsync();
            await (service?.DisposeAsync() ?? start.DisposeAsync());
            throw;
        }
    }

    /// <summary>Lets calls in flight end, then stops reading, processing and writing, in this order. What is not done is left to the next start.</summary>
    public async Task StopAsync()
    {
        if (Scan is { } scan)
        {
            Scan = null;
            await scan.DisposeAsync();
        }

        // A source that does not answer takes its time to leave: it is told first.
        var left = stopping.CancelAsync().ContinueWith(_ => sourceRun, TaskScheduler.Default).Unwrap();
        await Task.WhenAll(Channels.Select(channel => channel.StopAsync()));
        await left.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await sealing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await notaryRun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await holdRun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        abandoningAudit.CancelAfter(LastFacts);
        await Streams.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await pressure.DisposeAsync();
        await StopAsync();
        foreach (var channel in Channels)
        {
            await channel.DisposeAsync();
        }

        await Log.DisposeAsync();
        if (lease is not null)
        {
            await lease.DisposeAsync();
        }

        if (sealer is not null)
        {
            sealMeter!.Dispose();
            await sealer.DisposeAsync();
        }

        if (notarising is not null)
        {
            await notarising.DisposeAsync();
        }

        await EventLog.DisposeAsync();
        holdMeter.Dispose();
        restoreMeter.Dispose();
        payoutMeter.Dispose();
        Callbacks.Dispose();
        connect?.Dispose();
        schemas?.Dispose();
        rows.Dispose();
        stopping.Dispose();
        abandoningAudit.Dispose();
    }

    /// <summary>Returns when the source has been reached and follows, or fails with what is wrong with it.</summary>
    async Task RunAsync(CancellationToken stop)
    {
        Log.EnsureTopics(Topology.Topics);
        source.StatusChanged += status => Gate.SourceStands(SourceTrouble.Of(status));
        schemas?.StatusChanged = status => Gate.SchemasStand(SourceTrouble.Of(status));
        sourceRun = source.RunAsync(stopping.Token);
        Streams.Start();
        Scan = options is { Transport: TransportOptions.Embedded, Source.Outbox: false } ? new(new(options.Source, Log, Time), Time, logger) : null;
        sealing = sealer is null ? sealing : Task.Run(() => sealer.RunAsync(stopping.Token), stop);
        notaryRun = notarising is null ? notaryRun : Task.Run(() => notarising.RunAsync(stopping.Token), stop);
        var keepsHolds = options.Transport is TransportOptions.Embedded;
        holdRun = keepsHolds ? Task.Run(() => HoldKeeper.Of(this, logger).RunAsync(stopping.Token), stop) : holdRun;
        Completion = Task.WhenAny([sourceRun, Streams.Completion, .. keepsHolds ? (Task[])[holdRun] : [], .. sealer is null ? (Task[])[] : [sealing], .. notarising is null ? (Task[])[] : [notaryRun], .. lease is null ? (Task[])[] : [lease.Completion]]).Unwrap();
        var started = new TaskCompletionSource();
        source.StatusChanged += status => Began(status, started);
        Began(source.Status, started);
        await await Task.WhenAny(started.Task, Completion).WaitAsync(stop);
    }

    /// <summary>Whoever brings the shop's changes, or sees them come.</summary>
    /// <param name="start">Whether it is the first, where Debezium brings them nothing but what the log has kept says so; the capture inside the service knows by itself.</param>
    ICdcSource SourceOf(string run, (bool First, bool Rebuilt) start, Func<SnapshotReader, CancellationToken, Task> firstStart, ILoggerFactory loggers) => options.Transport is TransportOptions.Kafka kafka
        ? new DebeziumSource(
            new(options.Source, kafka.Connect) { ProgressTopic = OwnTopic(Topics.SourceProgress) }, Log, run, connect!, Time, loggers.CreateLogger<DebeziumSource>())
        {
            Gate = start.First ? firstStart : null, Schemas = schemas,
        }
        : new EmbeddedCdcSource(options.Source with { StartAnew = start.Rebuilt }, Log, Log.ReadMetadata, run, Time, start.Rebuilt ? null : firstStart) { RowsAreKnown = start.Rebuilt };

    /// <summary>Decides once for the log which completed orders are ours.</summary>
    Func<SnapshotReader, CancellationToken, Task> FirstStart(RuleBook rules) => async (reader, stop) =>
    {
        var told = options.Source.Outbox
            ? FirstStartCheck.ToldByOutbox
            : FirstStartCheck.Told(await new FirstStartCheck(rules, options.Settlements.CompletedSince, Time).RunAsync(reader, stop));
        var kept = new KeptChoice(options.Settlements.CompletedSince);
        kept.Keep(Log, [KeptFormat.Entry(Messages.Written), .. options.Transport is TransportOptions.Embedded ? ((string, byte[])[])[KeptNames.Of(options).Entry] : []]);
        await EventLog.KeepChoiceAsync(Log.Identity, kept.Text, stop);
        logger.FirstStart(told);
    };

    static void Began(CdcStatus status, TaskCompletionSource started)
    {
        if (status is CdcStatus.Waiting or CdcStatus.Snapshotting or CdcStatus.Streaming)
        {
            started.TrySetResult();
        }
    }

    /// <summary>A hundred tasks and more keep a buffer of what they polled last: small polls keep the service small.</summary>
    internal static EmbeddedLogOptions LogOptions(ServiceOptions options) =>
        new() { Directory = options.StateDirectory, Partitions = options.Partitions, PollRecords = 1_000, PollBytes = 128 * 1024, Database = new() { WriteBufferBytes = 48 << 20, BlockCacheBytes = 32 << 20 } };

    StreamsApp OpenStreams(ILoggerFactory loggers) => options.Transport is TransportOptions.Kafka { Host: StreamsHost.Streamiz }
        ? StreamizHost.Open(Topology, Log, StreamsOptions(Time), Time, loggers)
        : new(Topology, Log, StreamsOptions(Time), Time, loggers.CreateLogger<StreamsApp>());

    StreamsOptions StreamsOptions(TimeProvider time) => new()
    {
        Threads = options.StreamThreads,
        Groups = [new(AuditGroup, 1, SettlementTopology.AuditNode) { CommitLinger = AuditLinger, IdleWait = TimeSpan.FromMilliseconds(options.Transport is TransportOptions.Kafka ? 100 : 1_000) }],
        CommitInterval = TimeSpan.FromMilliseconds(20),
        CommitLinger = options.Transport is TransportOptions.Kafka ? TimeSpan.Zero : CommitLinger,
        HurriedCommitInterval = options.Transport is TransportOptions.Kafka ? null : HurriedCommit,
        CommitBytesMax = 4 * 1024 * 1024,
        PollBytesMax = 1024 * 1024,
        OnDeserializationException = new UnreadableRecords(options.Source.TopicPrefix, options.OwnTopic(Topics.DeadLetters), Messages.Formats.DeadLetters(), time).Handle,
    };

    string? AuditPressure()
    {
        var backlog = AuditLag(Streams.MetricsOf(AuditGroup)).Events;
        return backlog > options.AuditBacklog ? $"the event log is {backlog} facts behind (Audit:Backlog is {options.AuditBacklog})" : null;
    }

    /// <summary>The partitions of facts whose tasks run here, and how many facts of them are not in the event log yet. Of what is read elsewhere or nowhere nothing is known here.</summary>
    public (int Partitions, long Events) AuditLag(StreamsMetrics metrics)
    {
        var read = metrics.Threads
            .Where(thread => thread.Thread.Contains(AuditGroup, StringComparison.Ordinal))
            .SelectMany(thread => thread.Tasks).Where(task => task.State == TaskState.Running).SelectMany(task => task.Partitions).ToList();
        return (read.Count, read.Sum(partition => partition.Lag));
    }
}
