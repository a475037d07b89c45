using System.Formats.Asn1;

namespace StreamSettle.Audit.Notaries.TimeStamps;

/// <summary>A time-stamp authority's answer, taken apart (RFC 3161, 2.4.2).</summary>
/// <param name="Refusal">Why there is no token; null where there is one.</param>
/// <param name="Token">DER.</param>
sealed record TimeStampAnswer(string? Refusal, ReadOnlyMemory<byte> Token)
{
    const int Granted = 0, GrantedWithMods = 1;

    static readonly string[] Statuses = ["granted", "granted with modifications", "rejection", "waiting", "revocation warning", "revocation notification"];

    static readonly Dictionary<int, string> Reasons = new()
    {
        [0] = "badAlg", [2] = "badRequest", [5] = "badDataFormat", [14] = "timeNotAvailable", [15] = "unacceptedPolicy", [16] = "unacceptedExtension", [17] = "addInfoNotAvailable", [25] = "systemFailure",
    };

    /// <summary>Null where these bytes are no answer.</summary>
    public static TimeStampAnswer? Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var answer = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var info = answer.ReadSequence();
            if (!info.TryReadInt32(out var status))
            {
                return null;
            }

            List<string> text = [];
            if (info.HasData && info.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            {
                for (var lines = info.ReadSequence(); lines.HasData;)
                {
                    text.Add(lines.ReadCharacterString(UniversalTagNumber.UTF8String));
                }
            }

            var reasons = info.HasData ? Failures(info.ReadBitString(out _)) : [];
            return status is Granted or GrantedWithMods
                ? answer.HasData ? new(null, answer.ReadEncodedValue()) : null
                : new($"{(status >= 0 && status < Statuses.Length ? Statuses[status] : $"status {status}")}{(reasons.Count > 0 ? $" ({string.Join(", ", reasons)})" : "")}{(text.Count > 0 ? $": {string.Join(' ', text)}" : "")}", default);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    static List<string> Failures(byte[] bits) =>
        [.. Enumerable.Range(0, bits.Length * 8).Where(at => (bits[at / 8] & (0x80 >> at % 8)) != 0).Select(at => Reasons.GetValueOrDefault(at, $"failure {at}"))];
}
