using System.Globalization;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Kernel.Calls;

/// <summary>
/// The idempotency key of a call, <c>&lt;orderId&gt;:&lt;leg&gt;:&lt;n&gt;</c>: an effect has one, forever (I3, I4). An effect that its system has undone (a callback) and that a
/// person asks for again is a new one: <c>;r1</c> is appended, then <c>;r2</c>, and so on.
/// </summary>
/// <param name="N">0 for the settlement, 1 and up for its reversals.</param>
/// <param name="Returns">How often the call's effect was undone and asked for again before this key; 0 for most.</param>
public readonly record struct CallKey(OrderId Order, Leg Leg, int N, int Returns = 0)
{
    const string ReturnMark = ";r";

    /// <summary>The key under which the call goes again once its effect was undone.</summary>
    public CallKey AfterReturn() => this with { Returns = Returns + 1 };

    /// <summary>The key whose effect was undone before this one.</summary>
    /// <exception cref="BrokenInvariantException">None was.</exception>
    public CallKey BeforeReturn() => Returns > 0 ? this with { Returns = Returns - 1 } : throw new BrokenInvariantException($"{this} is the first of its keys");

    public override string ToString() => Returns == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Order.Value}:{Leg.Name()}:{N}")
        : string.Create(CultureInfo.InvariantCulture, $"{Order.Value}:{Leg.Name()}:{N}{ReturnMark}{Returns}");

    public static bool TryParse(string text, out CallKey key)
    {
        key = default;
        var parts = text.Split(':');
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var order)
            || !LegNames.TryParse(parts[1], out var leg)
            || !TryParseNumbers(parts[2], out var n, out var returns))
        {
            return false;
        }

        key = new(new(order), leg, n, returns);
        return key.ToString() == text;
    }

    static bool TryParseNumbers(string text, out int n, out int returns)
    {
        returns = 0;
        var mark = text.IndexOf(ReturnMark, StringComparison.Ordinal);
        return int.TryParse(mark < 0 ? text : text[..mark], NumberStyles.None, CultureInfo.InvariantCulture, out n)
            && (mark < 0 || int.TryParse(text[(mark + ReturnMark.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out returns));
    }
}
