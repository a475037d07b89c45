using System.Globalization;
using System.Text;
using StreamSettle.App.Running;
using StreamSettle.Audit.Marten.Verifying;

namespace StreamSettle.App.Commands;

/// <summary>What <c>audit verify</c> says of notarisations.</summary>
static class NotarisationText
{
    public static string Of(NotarisationVerdict verdict)
    {
        var text = new StringBuilder();
        foreach (var one in verdict.Breaks)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"broken: {FailureText.OneLine(one.ToString())}");
        }

        if (verdict.Breaks.Count >= NotarisationVerdict.MostBreaks)
        {
            text.AppendLine("broken: there may be more of notarisations, which are not told");
        }

        if (verdict.Unread is { } unread)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not checked: notarisations, as {FailureText.OneLine(unread)}");
        }

        foreach (var one in verdict.Notaries)
        {
            Append(text, one);
        }

        if (verdict is { Planned: > 0, SealsBehind: > 0 })
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not notarised: {verdict.SealsBehind} seals behind the last that notaries were given");
        }

        return text.ToString();
    }

    static void Append(StringBuilder text, NotaryVerdict one)
    {
        var name = FailureText.OneLine(one.Notary);
        if (one.Sound > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"notarised: {one.Sound} seals and splits by {name} ({FailureText.OneLine(one.By ?? "")}), the last of them at {one.LastAt}");
        }

        if (one.NotChecked > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not checked: {one.NotChecked} notarisations by {name}: {FailureText.OneLine(one.Remedy ?? "")}");
        }

        if (one.Waiting > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not notarised yet: {one.Waiting} seals and splits by {name}");
        }
    }
}
