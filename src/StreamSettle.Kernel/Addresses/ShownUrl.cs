namespace StreamSettle.Kernel.Addresses;

/// <summary>A URL as it may be shown to people: in messages, logs, metrics and answers. User info, query and fragment may be secrets and are left out.</summary>
public static class ShownUrl
{
    static readonly char[] Suspicious = ['@', '?', '#'];

    /// <inheritdoc cref="Of(string)"/>
    public static string Of(Uri url) => Of(url.OriginalString);

    /// <summary>
    /// <c>https://user:word@host/path?key=1</c> is <c>https://host/path</c>. Of what is no URL at all, whatever stands before its last <c>@</c>, or behind
    /// a <c>?</c> or <c>#</c>, is left out. What has nothing to hide is as it was written.
    /// </summary>
    public static string Of(string text)
    {
        if (text.IndexOfAny(Suspicious) < 0)
        {
            return text;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0)
        {
            return url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        }

        var scheme = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? text[..(at + "://".Length)] : "";
        var rest = text[Math.Max(scheme.Length, text.LastIndexOf('@') + 1)..];
        return scheme + (rest.IndexOfAny(Suspicious) is >= 0 and var end ? rest[..end] : rest);
    }
}
