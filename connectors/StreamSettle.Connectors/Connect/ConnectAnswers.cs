using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamSettle.Connectors.Connect;

/// <summary><c>GET /connectors/NAME/status</c>.</summary>
internal sealed record StatusAnswer(string Name, PartAnswer? Connector, IReadOnlyList<PartAnswer>? Tasks)
{
    public ConnectorStatus ToStatus() => new(
        Name, State(Connector?.State), Connector?.WorkerId ?? "", Connector?.Trace,
        [.. (Tasks ?? []).OrderBy(task => task.Id).Select(task => new ConnectorTask(task.Id, State(task.State), task.WorkerId ?? "", task.Trace))]);

    static ConnectorState State(string? word) => Enum.TryParse<ConnectorState>(word, ignoreCase: true, out var state) ? state : ConnectorState.Unknown;
}

/// <summary>The connector's own state, or a task's.</summary>
internal sealed record PartAnswer(int Id, string? State, [property: JsonPropertyName("worker_id")] string? WorkerId, string? Trace);

/// <summary><c>GET /connectors/NAME/offsets</c>.</summary>
internal sealed record OffsetsAnswer(IReadOnlyList<OffsetAnswer>? Offsets);

internal sealed record OffsetAnswer(JsonElement Partition, JsonElement Offset);

/// <summary>What Connect says of a request that it does not do.</summary>
internal sealed record ErrorAnswer([property: JsonPropertyName("error_code")] int Code, string? Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(OffsetsAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class ConnectJson : JsonSerializerContext;
