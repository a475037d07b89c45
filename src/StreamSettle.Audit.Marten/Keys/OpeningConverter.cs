using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>Reads events of one type for Marten, their personal fields as texts. The row's order is not known here: a field counts for the order that it names itself, and for its event's kind and cause.</summary>
internal sealed class OpeningConverter<T>(EventKind kind, AuditFieldKeys keys) : JsonConverter<T>
    where T : SettlementEvent
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var json = JsonMarshal.GetRawUtf8Value(document.RootElement);
        var opened = FieldDecryption.MayHave(json) ? FieldDecryption.Open(kind, null, json, keys.Find) : null;
        return (T)EventJson.Read(kind, opened ?? json);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteRawValue(EventJson.Write(value));
}
