using System.Text.Json;
using System.Text.Json.Serialization;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams;

/// <summary>JSON of the control API.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(FaultPlan))]
[JsonSerializable(typeof(SystemFaults))]
[JsonSerializable(typeof(IReadOnlyList<DownstreamStats>))]
internal sealed partial class SandboxJson : JsonSerializerContext;
