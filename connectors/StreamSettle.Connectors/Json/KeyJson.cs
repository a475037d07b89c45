using System.Text;
using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Connectors.Json;

/// <summary>A key as Debezium writes it, without spaces: its bytes decide the partition.</summary>
internal static class KeyJson
{
    public static void Write(string column, long value, ByteWriter destination)
    {
        var json = new ByteBuffer(64);
        json.Write("{"u8);
        JsonText.Text(json, Encoding.UTF8.GetBytes(column));
        json.Write(":"u8);
        JsonText.Number(json, value);
        json.Write("}"u8);
        destination.Raw(json.Written);
    }
}
