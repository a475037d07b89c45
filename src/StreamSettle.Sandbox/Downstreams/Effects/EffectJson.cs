using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams.Effects;

/// <summary>An entry as JSON, the same in the file and over HTTP: <c>{"sequence","system","key","arrivedAt","outcome","status","fault","receipt","sha256","body"}</c>; the body as base64.</summary>
internal static class EffectJson
{
    public static void Write(Utf8JsonWriter to, EffectEntry entry)
    {
        to.WriteStartObject();
        to.WriteNumber("sequence", entry.Sequence);
        to.WriteString("system", entry.System.Name());
        to.WriteString("key", entry.Key);
        to.WriteString("arrivedAt", entry.ArrivedAt.ToString());
        to.WriteString("outcome", entry.Outcome.ToString());
        to.WriteNumber("status", entry.Status);
        to.WriteString("fault", entry.Fault.ToString());
        to.WriteString("receipt", entry.Receipt);
        to.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(entry.Body)));
        to.WriteBase64String("body", entry.Body);
        to.WriteEndObject();
    }

    /// <summary>One line of the file, with its end.</summary>
    public static void WriteLine(ArrayBufferWriter<byte> to, EffectEntry entry)
    {
        using (var json = new Utf8JsonWriter(to))
        {
            Write(json, entry);
        }

        to.Write("\n"u8);
    }

    /// <exception cref="CorruptStateException">The line is no entry.</exception>
    public static EffectEntry Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var entry = document.RootElement;
            LegNames.TryParse(entry.GetProperty("system").GetString()!, out var leg);
            return new(
                entry.GetProperty("sequence").GetInt64(),
                leg,
                entry.GetProperty("key").GetString()!,
                UtcInstant.Parse(entry.GetProperty("arrivedAt").GetString()!),
                Enum.Parse<EffectOutcome>(entry.GetProperty("outcome").GetString()!),
                entry.GetProperty("status").GetInt32(),
                Enum.Parse<FaultKind>(entry.GetProperty("fault").GetString()!),
                entry.GetProperty("receipt").GetString(),
                entry.GetProperty("body").GetBytesFromBase64());
        }
        catch (Exception inner) when (inner is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new CorruptStateException($"the effects file has a line that is no entry: {line[..Math.Min(line.Length, 200)]}", inner);
        }
    }
}
