using System.Text.Json.Serialization;

namespace StreamSettle.App.Reconciling.Output;

/// <summary>The JSON of a progress file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PreferredObjectCreationHandling = JsonObjectCreationHandling.Replace)]
[JsonSerializable(typeof(ProgressLine))]
sealed partial class ReconcileJson : JsonSerializerContext;
