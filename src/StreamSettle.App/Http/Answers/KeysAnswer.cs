using System.Text.Json.Serialization;
using StreamSettle.Audit.Marten.Keys;

namespace StreamSettle.App.Http.Answers;

/// <summary>What is asked of a shredding.</summary>
/// <param name="Merchant">The merchant's id, or <c>none</c> for what no merchant was known of.</param>
/// <param name="Reason">Why; kept for ever.</param>
/// <param name="RequestId">The same again is the same shredding.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
sealed record ShredRequest(string? Merchant, string? Reason, string? RequestId = null);

/// <summary>A merchant's keys that were destroyed.</summary>
/// <param name="Keys">How many.</param>
/// <param name="By">Name of the key of who asked for it.</param>
sealed record ShreddingAnswer(long Number, string Merchant, int Keys, string By, string Reason, string RequestId, string At)
{
    public static ShreddingAnswer Of(Shredding one) => new(one.Number, one.Merchant, one.Keys, one.By, one.Reason, one.Request, one.At.ToString());
}

/// <summary>A rotation of the master key.</summary>
/// <param name="Rotated">Merchants' keys that were wrapped anew.</param>
/// <param name="MasterKey">Name of the master key that wraps all of them now.</param>
sealed record RotationAnswer(int Rotated, string MasterKey);
