using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Schemas.Sources;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>Debezium on Kafka Connect, which brings the shop's changes, and the shop that it reads.</summary>
/// <param name="Source">The shop's database, by which it is read, and what of it; nothing of it is captured here.</param>
/// <param name="Connect">Where the connector is.</param>
public sealed record DebeziumOptions(EmbeddedCdcOptions Source, ConnectOptions Connect)
{
    /// <summary>Where points of the source are written. Default <see cref="SourceProgress.Topic"/>; on a cluster it carries the application's name.</summary>
    public string ProgressTopic { get; init; } = SourceProgress.Topic;

    /// <summary>Longer, and a silence would not be seen in time.</summary>
    static readonly TimeSpan LookMax = TimeSpan.FromSeconds(1);

    /// <summary>Looks within one silence: several points come in it, though each takes some seconds to go through heartbeat, flush and look.</summary>
    const int LooksPerSilence = 8;

    /// <summary>Debezium's heartbeat and Connect's flush come once a second, and a look between.</summary>
    static readonly TimeSpan SilenceMin = TimeSpan.FromSeconds(5);

    /// <summary>How long Connect may take to answer a question.</summary>
    internal TimeSpan AnswerPatience => Source.Silence;

    /// <summary>How often the source is asked where it stands, and Connect how far it has come.</summary>
    internal TimeSpan LookInterval => Source.Silence / LooksPerSilence < LookMax ? Source.Silence / LooksPerSilence : LookMax;

    /// <summary>One message for each rule that is broken, beside those of the parts.</summary>
    public IEnumerable<string> Problems()
    {
        if (Source.Outbox && Connect.Format != SourceFormat.Json)
        {
            yield return $"Source:Outbox goes with Source:Format=Json, but that is {Connect.Format}: the outbox holds JSON.";
        }

        if (Source.Silence < SilenceMin)
        {
            yield return $"Source:Silence must be at least {SilenceMin} where Debezium brings the changes, but is {Source.Silence}: how far it has come is known once a second, with two steps in between.";
        }
    }
}
