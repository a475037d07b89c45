using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Notaries.TimeStamps;

/// <summary>
/// Has digests stamped by an authority of RFC 3161. One question, one answer: a crash between the answer and its keeping costs a second token, which harms nothing. Its evidence is the token, as base64.
/// </summary>
public sealed class TimeStampNotary : INotary
{
    const int MaxAnswerBytes = 1024 * 1024;

    readonly TimeStampOptions options;
    readonly Func<Guid> newId;
    readonly HttpClient http;

    /// <param name="newId">An id that nobody else has: what makes an answer the answer to this very question.</param>
    public TimeStampNotary(TimeStampOptions options, Func<Guid> newId)
    {
        (this.options, this.newId) = (options, newId);
        http = NotaryHttp.Create(options.Timeout, options.Authorization, MaxAnswerBytes);
    }

    public string Name => NotaryNames.TimeStamp;

    string Shown => $"the time-stamp authority at {ShownUrl.Of(options.Url)}";

    public async Task<NotaryMove> NextAsync(TreeHash digest, IReadOnlyList<NotaryStep> steps, CancellationToken stop)
    {
        var hash = new byte[TreeHash.Size];
        digest.Write(hash);
        var nonce = newId().ToByteArray();
        var query = Rfc3161TimestampRequest.CreateFromHash(hash, HashAlgorithmName.SHA256, options.Policy is { } oid ? new(oid) : null, nonce, requestSignerCertificates: true);
        var answer = TimeStampAnswer.Read(await AskAsync(query.Encode(), stop)) ?? throw new UserMistakeException($"{Shown} does not answer with a time stamp: what came is no TimeStampResp of RFC 3161. Correct Audit:Notary:Rfc3161:Url.");
        if (answer.Refusal is { } refusal)
        {
            throw new UserMistakeException($"{Shown} refuses to stamp: {refusal}");
        }

        var token = TimeStampToken.Read(answer.Token) ?? throw new UserMistakeException($"{Shown} answers with something that is no token of RFC 3161 whose signature holds");
        var problem = token.Nonce != new BigInteger(query.GetNonce()!.Value.Span, isUnsigned: true, isBigEndian: true) ? "the nonce is not the one that was asked with: it is an answer to another question"
            : options.Policy is { } policy && token.Policy != policy ? $"it was stamped under policy {token.Policy}, and not under {policy} as was asked for"
            : token.Problem(digest, options.Roots, out _);
        return problem is null ? new NotaryMove.Step(NotaryStepKind.Notarised, Convert.ToBase64String(answer.Token.Span)) : throw new UserMistakeException($"{Shown} is not believed: {problem}");
    }

    /// <summary>No stamp is asked for: an authority may count them.</summary>
    public async Task<string> LookAsync(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, options.Url);
        using var answer = await SendAsync(request, stop);
        return (int)answer.StatusCode is >= 500 or 404
            ? throw new EnvironmentFailedException($"{Shown} answers with {(int)answer.StatusCode}")
            : $"reached at {ShownUrl.Of(options.Url)}";
    }

    public void Dispose() => http.Dispose();

    async Task<byte[]> AskAsync(byte[] query, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(query) { Headers = { ContentType = new("application/timestamp-query") } } };
        using var answer = await SendAsync(request, stop);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(stop) : throw new EnvironmentFailedException($"{Shown} answers with {(int)answer.StatusCode}");
    }

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            return await http.SendAsync(request, stop);
        }
        catch (Exception failure) when (NotaryHttp.IsAway(failure, stop))
        {
            throw new EnvironmentFailedException($"{Shown} is not reached: {NotaryHttp.Told(failure)}", failure);
        }
    }
}
