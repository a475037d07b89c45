using System.Text.Json.Serialization;
using StreamSettle.App.Http.Answers;

namespace StreamSettle.App.Http;

/// <summary>The JSON of the API: camelCase, source-generated.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(DeadLetterAnswer))]
[JsonSerializable(typeof(DeadLetterList))]
[JsonSerializable(typeof(ActRequest))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkAnswer))]
[JsonSerializable(typeof(DeadLetterGroupList))]
[JsonSerializable(typeof(AcceptedAnswer))]
[JsonSerializable(typeof(OrderAnswer))]
[JsonSerializable(typeof(ForecastAnswer))]
[JsonSerializable(typeof(HoldAnswer))]
[JsonSerializable(typeof(HoldList))]
[JsonSerializable(typeof(HoldRequest))]
[JsonSerializable(typeof(ReleaseRequest))]
[JsonSerializable(typeof(ClockResumedAnswer))]
[JsonSerializable(typeof(CallbackAnswer))]
[JsonSerializable(typeof(CallbackRequest))]
[JsonSerializable(typeof(ScanAnswer))]
[JsonSerializable(typeof(ScanRequestBody))]
[JsonSerializable(typeof(ShredRequest))]
[JsonSerializable(typeof(ShreddingAnswer))]
[JsonSerializable(typeof(RotationAnswer))]
sealed partial class ApiJson : JsonSerializerContext;
