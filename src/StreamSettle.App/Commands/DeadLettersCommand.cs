using System.CommandLine;
using System.Net.Http.Headers;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary><c>dead-letters list / show / replay / discard</c>: over the API of the running service, with a key where it changes something.</summary>
static class DeadLettersCommand
{
    public static Command Create() => new("dead-letters", "What waits for a person: list, show, replay, discard.")
    {
        List(), One("show", "Shows one with its original bytes.", HttpMethod.Get, ""),
        One("replay", "Tries one again under its own key.", HttpMethod.Post, "/replay"), One("discard", "Gives one up.", HttpMethod.Post, "/discard"),
    };

    static Option<string> UrlOption() => new("--url") { Description = "Address of the service; default: the first of Urls." };

    static Option<string> KeyOption() => new("--key") { Description = "API key; default: the environment variable STREAMSETTLE_KEY." };

    static Command List()
    {
        var (url, key, config) = (UrlOption(), KeyOption(), ConfigurationOf.ConfigOption());
        Option<string>[] filters =
        [
            new("--stage") { Description = "A leg's name, calculation or intake." }, new("--reason") { Description = "How the reason begins." },
            new("--merchant") { Description = "A merchant's id." }, new("--order") { Description = "An order's id." }, new("--after") { Description = "Begin after this id." },
            new("--limit") { Description = "Most letters, 1 to 1000; default 100." },
        ];
        var command = new Command("list", "Lists them by id.") { url, key, config };
        foreach (var filter in filters)
        {
            command.Options.Add(filter);
        }

        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, () =>
        {
            var query = filters.Where(filter => parsed.GetValue(filter) is not null).Select(filter => $"{filter.Name[2..]}={Uri.EscapeDataString(parsed.GetValue(filter)!)}");
            return CallAsync(parsed, url, key, config, HttpMethod.Get, "?" + string.Join('&', query), stop);
        }));
        return command;
    }

    static Command One(string name, string description, HttpMethod method, string action)
    {
        var id = new Argument<string>("ID") { Description = "The dead letter's id, such as 42:split:0." };
        var (url, key, config) = (UrlOption(), KeyOption(), ConfigurationOf.ConfigOption());
        var command = new Command(name, description) { id, url, key, config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(
            stop,
            () => CallAsync(parsed, url, key, config, method, $"/{Uri.EscapeDataString(parsed.GetValue(id)!)}{action}", stop)));
        return command;
    }

    static async Task<int> CallAsync(
        ParseResult parsed, Option<string> url, Option<string> key, Option<FileInfo?> config, HttpMethod method, string rest, CancellationToken stop)
    {
        var configuration = ConfigurationOf.Read(parsed.GetValue(config), parsed.UnmatchedTokens);
        var address = parsed.GetValue(url) ?? configuration["Urls"]?.Split(';')[0] ?? "http://127.0.0.1:8787";
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, $"{address.TrimEnd('/')}/api/v1/dead-letters{rest}");
        if ((parsed.GetValue(key) ?? configuration["STREAMSETTLE_KEY"]) is { } secret)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        using var answer = await SendAsync(client, request, address, stop);
        var body = await answer.Content.ReadAsStringAsync(stop);
        if (answer.IsSuccessStatusCode)
        {
            Console.WriteLine(body);
            return ExitCodes.Done;
        }

        var problem = $"{address} answers {(int)answer.StatusCode}: {body}";
        throw (int)answer.StatusCode < 500 ? new UserMistakeException(problem) : new EnvironmentFailedException(problem);
    }

    static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, string address, CancellationToken stop)
    {
        try
        {
            return await client.SendAsync(request, stop);
        }
        catch (HttpRequestException failure)
        {
            throw new EnvironmentFailedException($"The service at {address} cannot be reached: {failure.Message}", failure);
        }
    }
}
