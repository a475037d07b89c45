using System.Diagnostics;
using System.Net;
using StreamSettle.Tests.Links;

namespace StreamSettle.Tests.Notaries;

/// <summary>A time-stamp authority: <c>openssl ts</c> behind a tiny HTTP endpoint. Without OpenSSL: skipped at a desk, failed under CI=true.</summary>
sealed class OpenSslAuthority : IAsyncDisposable
{
    /// <summary>The policy that it stamps under by itself, and one that it refuses.</summary>
    public const string Policy = "1.2.3.4.1", OtherPolicy = "1.2.3.4.9";

    const string Settings = """
        [ req ]
        distinguished_name = name
        [ name ]
        [ root ]
        basicConstraints = critical,CA:true
        keyUsage = critical,keyCertSign,cRLSign
        [ stamp ]
        basicConstraints = critical,CA:false
        keyUsage = critical,digitalSignature
        extendedKeyUsage = critical,timeStamping
        [ server ]
        basicConstraints = critical,CA:false
        extendedKeyUsage = critical,serverAuth
        [ tsa ]
        default_tsa = here
        [ here ]
        serial = serial
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        ess_cert_id_alg = sha256
        accuracy = secs:1
        """;

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authority-");
    HttpListener listener;
    Task serving;

    OpenSslAuthority(int port)
    {
        Url = new($"http://127.0.0.1:{port}/tsa");
        (listener, serving) = (Listen(), Task.CompletedTask);
    }

    public Uri Url { get; }

    /// <summary>The root certificate, as PEM.</summary>
    public string RootFile => Path.Combine(folder.FullName, "root.pem");

    public string Root => File.ReadAllText(RootFile);

    /// <summary>Questions so far.</summary>
    public int Asked { get; private set; }

    /// <summary>Makes another answer of a question and its answer; null for the answer as it is.</summary>
    public Func<byte[], byte[], (int Status, byte[] Answer)>? Faults { get; set; }

    public static async Task<OpenSslAuthority> StartAsync()
    {
        var authority = new OpenSslAuthority(FreePort.Find());
        await File.WriteAllTextAsync(Path.Combine(authority.folder.FullName, "openssl.cnf"), Settings);
        await authority.OpenSslAsync("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "root.key");
        await authority.OpenSslAsync("req", "-x509", "-new", "-key", "root.key", "-subj", "/CN=Test root", "-days", "30", "-config", "openssl.cnf", "-extensions", "root", "-out", "root.pem");
        await authority.SignerAsync("stamp");
        authority.serving = authority.ServeAsync(authority.listener);
        return authority;
    }

    /// <summary>From now on it stamps by a new certificate of its root.</summary>
    /// <param name="extensions"><c>stamp</c>, or <c>server</c> for one that is none for time stamps.</param>
    public async Task SignerAsync(string extensions)
    {
        await OpenSslAsync("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "tsa.key");
        await OpenSslAsync("req", "-new", "-key", "tsa.key", "-subj", "/CN=Test time stamps", "-config", "openssl.cnf", "-out", "tsa.csr");
        await OpenSslAsync("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "10", "-extfile", "openssl.cnf", "-extensions", extensions, "-out", "tsa.pem");
    }

    /// <summary>What OpenSSL answers to a question.</summary>
    public async Task<byte[]> ReplyAsync(byte[] query)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "query.tsq"), query);
        await OpenSslAsync("ts", "-reply", "-config", "openssl.cnf", "-section", "here", "-queryfile", "query.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "reply.tsr");
        return await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "reply.tsr"));
    }

    /// <summary>What OpenSSL says of a token for a digest.</summary>
    public async Task<(int Code, string Said)> VerifyAsync(byte[] token, string digest)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "token.tst"), token);
        return await RunAsync("ts", "-verify", "-digest", digest, "-in", "token.tst", "-token_in", "-CAfile", "root.pem");
    }

    /// <summary>Nobody listens any more.</summary>
    public async Task GoAwayAsync()
    {
        listener.Close();
        await serving;
    }

    public void ComeBack() => serving = ServeAsync(listener = Listen());

    public async ValueTask DisposeAsync()
    {
        await GoAwayAsync();
        folder.Delete(recursive: true);
    }

    HttpListener Listen()
    {
        var one = new HttpListener();
        one.Prefixes.Add($"http://127.0.0.1:{Url.Port}/");
        one.Start();
        return one;
    }

    async Task ServeAsync(HttpListener on)
    {
        try
        {
            while (true)
            {
                await AnswerUnlessGoneAsync(await on.GetContextAsync());
            }
        }
        catch (Exception) when (!on.IsListening)
        {
            // It was closed: by a test, or at its end.
        }
    }

    /// <summary>Who asked may have lost patience: that ends nothing here.</summary>
    async Task AnswerUnlessGoneAsync(HttpListenerContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (HttpListenerException)
        {
        }
    }

    async Task AnswerAsync(HttpListenerContext context)
    {
        using var answer = context.Response;

        // The listener ends connections without saying so; a client that sends its next question on one of them is told that nobody answered.
        answer.KeepAlive = false;
        if (context.Request is not { HttpMethod: "POST", ContentType: "application/timestamp-query" })
        {
            answer.StatusCode = 405;
            return;
        }

        Asked++;
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var reply = await ReplyAsync(body.ToArray());
        (answer.StatusCode, reply) = Faults?.Invoke(body.ToArray(), reply) ?? (200, reply);
        answer.ContentType = "application/timestamp-reply";
        answer.ContentLength64 = reply.Length;
        await answer.OutputStream.WriteAsync(reply);
    }

    async Task OpenSslAsync(params string[] arguments)
    {
        var (code, said) = await RunAsync(arguments);
        if (code != 0)
        {
            throw new InvalidOperationException($"openssl {string.Join(' ', arguments)}: {said}");
        }
    }

    async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (process.ExitCode, string.Concat(said));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw ServiceMissing.Tell("openssl is not installed here");
        }
    }
}
