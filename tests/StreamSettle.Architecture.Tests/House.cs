namespace StreamSettle.Architecture.Tests;

/// <summary>Who may see whom: the table of the design. References run one way only.</summary>
static class House
{
    /// <summary>Project to the projects that it may refer to. Everybody may use Kernel, which sees nothing.</summary>
    public static IReadOnlyDictionary<string, string[]> MaySee { get; } = new Dictionary<string, string[]>
    {
        ["Kernel"] = [],
        ["Streams"] = ["Kernel"],
        ["Settlement"] = ["Kernel"],
        ["Audit"] = ["Kernel"],
        ["Schemas"] = ["Kernel"],
        ["Topology"] = ["Streams", "Schemas", "Settlement", "Audit"],
        ["Streams.RocksDb"] = ["Streams"],
        ["Streams.Embedded"] = ["Streams", "Streams.RocksDb"],
        ["Streams.Kafka"] = ["Streams", "Streams.RocksDb"],
        ["Streams.Streamiz"] = ["Streams"],
        // For tests: no project of the product may see it.
        ["Streams.Testing"] = ["Streams"],
        ["Delivery"] = ["Streams"],
        ["Connectors"] = ["Schemas", "Streams"],
        ["Audit.Marten"] = ["Audit"],
        ["Audit.Notaries"] = ["Audit"],
        ["Sandbox"] = ["Kernel"],
        ["App"] = ["Topology", "Delivery", "Connectors", "Audit.Marten", "Audit.Notaries", "Sandbox", "Streams.Embedded", "Streams.Kafka", "Streams.Streamiz"],
    };

    /// <summary>Package to the projects that alone may refer to it; RocksDB is called by its C interface, so no assembly shows it.</summary>
    public static IReadOnlyDictionary<string, string[]> PackageOnlyIn { get; } = new Dictionary<string, string[]>
    {
        ["RocksDB"] = ["Streams.RocksDb", "Streams.Embedded"],
        // Streamiz' interfaces speak in its types; a client of it is made by Streams.Kafka alone.
        ["Confluent.Kafka"] = ["Streams.Kafka", "Streams.Streamiz"],
        ["Streamiz.Kafka.Net"] = ["Streams.Streamiz"],
        ["librdkafka.redist"] = ["Streams.Kafka"],
        ["Npgsql"] = ["Connectors", "Audit.Marten", "Sandbox"],
        ["Marten"] = ["Audit.Marten"],
        ["Confluent.SchemaRegistry"] = ["Schemas"],
        ["System.Security.Cryptography.Pkcs"] = ["Audit.Notaries"],
    };

    /// <summary>Assembly of a package to the projects that alone may use it. App composes all and may use any.</summary>
    public static IReadOnlyDictionary<string, string[]> OnlySeenBy { get; } = new Dictionary<string, string[]>
    {
        // The registry's client throws what HttpClient throws.
        ["System.Net.Http"] = ["Delivery", "Connectors", "Schemas", "Audit.Notaries"],
        ["Npgsql"] = ["Connectors", "Audit.Marten", "Sandbox"],
        ["Marten"] = ["Audit.Marten"],
        ["Confluent.Kafka"] = ["Streams.Kafka", "Streams.Streamiz"],
        ["Streamiz.Kafka.Net"] = ["Streams.Streamiz"],
        ["Confluent.SchemaRegistry"] = ["Schemas"],
        ["Apache.Avro"] = ["Schemas"],
        ["Microsoft.AspNetCore.Server.Kestrel.Core"] = ["Sandbox"],
    };
}
