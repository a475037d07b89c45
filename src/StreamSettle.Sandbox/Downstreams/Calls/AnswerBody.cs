using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Sandbox.Downstreams.Calls;

/// <summary>The answers' bytes.</summary>
internal static class AnswerBody
{
    static readonly byte[][] Garbage =
    [
        "<html><body><h1>It works!</h1></body></html>"u8.ToArray(),
        "{\"key\":\"1:spl"u8.ToArray(),
        "{}"u8.ToArray(),
        "[1,2,3]"u8.ToArray(),
        "{\"key\":\"0:split:0\",\"id\":\"somebody-else\"}"u8.ToArray(),
        "{\"id\":null,\"key\":null}"u8.ToArray(),
    ];

    public static int GarbageCount => Garbage.Length;

    public static byte[] Nonsense(int which) => Garbage[which];

    /// <summary>A receipt: text at most systems, a number where tax is filed.</summary>
    public static string Receipt(Leg system, long number) =>
        system == Leg.Tax ? number.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{system.Name()}-{number}");

    /// <summary>The recorded answer: the same bytes for the same effect, however often it is asked for.</summary>
    public static byte[] Good(Leg system, string key, string receipt)
    {
        var id = system == Leg.Tax ? receipt : $"\"{receipt}\"";
        return Encoding.UTF8.GetBytes($$"""{"key":"{{JavaScriptEncoder.Default.Encode(key)}}","id":{{id}},"status":"ACCEPTED"}""");
    }

    public static byte[] Error(string error, string? problem = null) => Encoding.UTF8.GetBytes(
        problem is null ? $$"""{"error":"{{error}}"}""" : $$"""{"error":"{{error}}","problem":"{{JavaScriptEncoder.Default.Encode(problem)}}"}""");
}
