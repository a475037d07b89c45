using StreamSettle.Kernel.Addresses;

namespace StreamSettle.App.Configuration;

/// <summary><c>Urls</c>: where the service listens.</summary>
static class ListeningUrls
{
    const string Key = "Urls";
    const string Default = "http://127.0.0.1:8787";

    public static List<Uri> Read(ConfigurationReader reader)
    {
        List<Uri> urls = [];
        if (reader.Has("Kestrel:Endpoints"))
        {
            // They would take the place of Urls, and with it that of the check that only this machine gets in without a key.
            reader.Add("Kestrel:Endpoints is not used here: say by Urls where the service listens.");
        }

        foreach (var text in (reader.Text(Key) ?? Default).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                reader.Add($"{Key} must be http or https addresses separated by ';', but has '{ShownUrl.Of(text)}'.");
            }
            else if (url.PathAndQuery != "/" || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
            {
                reader.Add($"{Key} must be addresses of scheme, host and port alone, such as {Default}, but has more in '{ShownUrl.Of(text)}'.");
            }
            else if (urls.Contains(url))
            {
                reader.Add($"{Key} has '{text}' twice.");
            }
            else
            {
                urls.Add(url);
            }
        }

        if (urls.Count == 0 && reader.Text(Key) is { } nothing && nothing.Trim(' ', ';').Length == 0)
        {
            reader.Add($"{Key} must name an address, but is '{nothing}': remove it for {Default}.");
        }

        return urls;
    }
}
