namespace StreamSettle.Kernel.Addresses;

/// <summary>A URL as it may be shown to people: in messages, logs, metrics and answers. User info, query and fragment may be secrets and are left out.</summary>
public static class ShownUrl
{
    /// <summary><c>https://user:word@host/path?key=1</c> is <c>https://host/path</c>.</summary>
    public static string Of(Uri url) => url.IsAbsoluteUri
        ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : Of(url.OriginalString);

    /// <summary>Of what may be no URL at all: whatever stands before its last <c>@</c>, or behind a <c>?</c> or <c>#</c>, is left out.</summary>
    public static string Of(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0)
        {
            return Of(url);
        }

        var scheme = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? text[..(at + "://".Length)] : "";
        var rest = text[Math.Max(scheme.Length, text.LastIndexOf('@') + 1)..];
        return scheme + (rest.IndexOfAny(['?', '#']) is >= 0 and var end ? rest[..end] : rest);
    }
}
