using StreamSettle.Delivery.Options;
using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Schemas.Registry;
using StreamSettle.Settlement.Rules;
using StreamSettle.Streams.Testing;
using StreamSettle.Topology.Formats;
using StreamSettle.Topology.Ports;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>How a bench is set up.</summary>
sealed record BenchOptions
{
    public int Partitions { get; init; } = 2;

    /// <summary>Rare punctuations keep a day short: each costs a round of the driver.</summary>
    public SettlementSettings Settings { get; init; } = new() { PunctuationInterval = TimeSpan.FromMinutes(1) };

    /// <summary>What goes wrong by chance in the log; nothing by default.</summary>
    public Hostility? Hostility { get; init; }

    /// <summary>What everything runs over; null for a log in memory. Not disposed with the bench.</summary>
    public IDrivenLog? Log { get; init; }

    public int CommitEvery { get; init; } = int.MaxValue;

    /// <summary>How the next process writes and reads what goes from task to task; binary by default.</summary>
    public Func<InternalFormats> Formats { get; init; } = () => InternalFormats.Binary;

    /// <summary>Behind the delivery that the service has; null for a delivery that does as the test says.</summary>
    public ScriptedSystem? System { get; init; }

    /// <summary>How it calls that system.</summary>
    public DownstreamOptions Calls { get; init; } = RealDelivery.Options;

    /// <summary>How long the source may be unheard; for ever by default, so that a test that is about something else need not speak for it.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.MaxValue;

    /// <summary>By which the next process settles: of one that runs nothing changes.</summary>
    public RuleBook Rules { get; set; } = TestRules.Book;

    /// <summary>What the shop answers about its rows.</summary>
    public ShopRows Rows { get; init; } = new();

    /// <summary>Of changes in Avro.</summary>
    public IWriterSchemas? Schemas { get; init; }

    /// <summary>False leaves the gate closed and the shop without merchants.</summary>
    public bool Open { get; init; } = true;
}
