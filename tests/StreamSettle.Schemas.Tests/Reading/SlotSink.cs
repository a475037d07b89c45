using System.Text;

namespace StreamSettle.Schemas.Tests.Reading;

/// <summary>Writes down what a plan hands over, slot by slot.</summary>
sealed class SlotSink : IAvroSink
{
    readonly StringBuilder text = new();

    public string Taken => text.ToString().TrimEnd();

    public static string Read(AvroPlan plan, ReadOnlySpan<byte> value)
    {
        var sink = new SlotSink();
        plan.Read(value, ref sink);
        return sink.Taken;
    }

    public void Null(int slot) => Add(slot, "null");

    public void Boolean(int slot, bool value) => Add(slot, value ? "true" : "false");

    public void Int(int slot, int value) => Add(slot, $"int {value}");

    public void Long(int slot, long value) => Add(slot, $"long {value}");

    public void Float(int slot, float value) => Add(slot, FormattableString.Invariant($"float {value}"));

    public void Double(int slot, double value) => Add(slot, FormattableString.Invariant($"double {value}"));

    public void Bytes(int slot, ReadOnlySpan<byte> value) => Add(slot, $"bytes {Convert.ToHexStringLower(value)}");

    public void Text(int slot, ReadOnlySpan<byte> value) => Add(slot, $"'{Encoding.UTF8.GetString(value)}'");

    public void Enum(int slot, int symbol, EnumSchema schema) => Add(slot, Encoding.UTF8.GetString(schema.Utf8Symbol(symbol)));

    public void BeginRecord(int slot, RecordSchema schema) => Add(slot, "{");

    public void EndRecord(int slot) => Add(slot, "}");

    public void BeginArray(int slot) => Add(slot, "[");

    public void EndArray(int slot) => Add(slot, "]");

    public void BeginMap(int slot) => Add(slot, "<");

    public void Key(ReadOnlySpan<byte> key) => text.Append($"{Encoding.UTF8.GetString(key)}=");

    public void EndMap(int slot) => Add(slot, ">");

    public void Branch(int slot, int branch) => Add(slot, $"branch {branch}");

    void Add(int slot, string what) => text.Append($"{slot}:{what} ");
}
