using System.Text;
using System.Text.Json;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Channels;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>A downstream system in memory: effects by key, as the contract says, and whatever misbehaviour the test scripts. It outlives the processes that call it.</summary>
sealed class ScriptedSystem : IDownstreamTransport
{
    readonly Dictionary<string, string> receipts = [];

    /// <summary>What happens to the n-th POST (1 for the first) of a key. Default: done.</summary>
    public Func<string, int, Reply> OnPost { get; set; } = (_, _) => Reply.Ok;

    /// <summary>What a GET of a key gets; null for the truth.</summary>
    public Func<string, int, Reply?> OnGet { get; set; } = (_, _) => null;

    /// <summary>What a batch as a whole gets; null for a 207 with its items' replies.</summary>
    public Func<int, Reply?> OnBatch { get; set; } = _ => null;

    /// <summary>What happens to the n-th PATCH of a key. Default: taken.</summary>
    public Func<string, int, Reply> OnPatch { get; set; } = (_, _) => Reply.Ok;

    /// <summary>It works through a merchant's items in their order, and answers 424 to those behind one that it did neither do nor reject.</summary>
    public bool InOrder { get; set; }

    /// <summary>Called before anything is answered.</summary>
    public Action<DownstreamRequest> OnRequest { get; set; } = _ => { };

    /// <summary>Keys in the order in which their effects happened.</summary>
    public List<string> Effects { get; } = [];

    public List<(string Key, string Body)> Posts { get; } = [];

    public List<string> Gets { get; } = [];

    public List<(string Key, string Body)> Patches { get; } = [];

    /// <summary>PATCHes of keys that the system did not know.</summary>
    public List<string> PatchesTooEarly { get; } = [];

    public List<int> Batches { get; } = [];

    /// <summary>Keys that were answered 424, once for each time.</summary>
    public List<string> NotReached { get; } = [];

    public List<(DownstreamRequest Request, string Key)> HeldBack { get; } = [];

    public int Requests { get; private set; }

    public void Start(DownstreamRequest request)
    {
        Requests++;
        OnRequest(request);
        if (request.IsBatch)
        {
            AnswerBatch(request);
        }
        else if (request.IsPost)
        {
            var key = request.IdempotencyKey!;
            Posts.Add((key, Encoding.UTF8.GetString(request.Body.Span)));
            Answer(request, key, OnPost(key, Posts.Count(post => post.Key == key)));
        }
        else if (request.IsPatch)
        {
            var key = KeyIn(request.Path);
            Patches.Add((key, Encoding.UTF8.GetString(request.Body.Span)));
            var reply = OnPatch(key, Patches.Count(patch => patch.Key == key));
            PatchesTooEarly.AddRange(receipts.ContainsKey(key) ? [] : [key]);
            Answer(request, key, reply);
        }
        else
        {
            var key = KeyIn(request.Path);
            Gets.Add(key);
            Answer(request, key, OnGet(key, Gets.Count(get => get == key)) ?? (receipts.ContainsKey(key) ? Reply.Of(200, Good(key)) : Reply.Of(404)));
        }
    }

    static string KeyIn(string path) => Uri.UnescapeDataString(path[(path.IndexOf('/') + 1)..]);

    /// <summary>Knows nothing of the key any more.</summary>
    public void Lose(string key) => receipts.Remove(key);

    /// <summary>Answers what was held back.</summary>
    public void Release(Reply? reply = null)
    {
        var held = HeldBack.ToList();
        HeldBack.Clear();
        foreach (var (request, key) in held)
        {
            if (request.IsBatch && reply is null)
            {
                AnswerItems(request);
            }
            else
            {
                Answer(request, key, reply ?? Reply.Ok);
            }
        }
    }

    public void Dispose()
    {
    }

    void Answer(DownstreamRequest request, string key, Reply reply)
    {
        if (reply is Reply.Hold)
        {
            HeldBack.Add((request, key));
            return;
        }

        request.Complete(reply switch
        {
            Reply.Done done => RawAnswer.Answered(201, done.Headers, Encoding.UTF8.GetBytes(Do(key))),
            Reply.Status status => OfStatus(key, status),
            Reply.Lost lost => OfLost(key, lost),
            _ => RawAnswer.NeverSent("ConnectionError: refused"),
        });
    }

    RawAnswer OfStatus(string key, Reply.Status status)
    {
        _ = status.Happens ? Do(key) : null;
        return RawAnswer.Answered(status.Code, status.Headers, Encoding.UTF8.GetBytes(status.Body));
    }

    RawAnswer OfLost(string key, Reply.Lost lost)
    {
        _ = lost.Happens ? Do(key) : null;
        return RawAnswer.Lost("no answer in time");
    }

    void AnswerBatch(DownstreamRequest request)
    {
        Batches.Add(request.Calls.Length);
        if (OnBatch(request.Calls.Length) is { } whole)
        {
            foreach (var call in whole is Reply.Lost { Happens: true } ? request.Calls : [])
            {
                Do(call.KeyText);
            }

            Answer(request, "", whole is Reply.Lost ? Reply.Vanished : whole);
            return;
        }

        AnswerItems(request);
    }

    void AnswerItems(DownstreamRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        var results = new List<string>();
        var stopped = new HashSet<object>();
        foreach (var (item, call) in body.RootElement.GetProperty("items").EnumerateArray().Zip(request.Calls))
        {
            var key = item.GetProperty("key").GetString()!;
            if (call.KeyText != key)
            {
                throw new InvalidOperationException($"the batch's body has {key} where the request has {call.KeyText}");
            }

            if (stopped.Contains((call.Lane.Merchant, call.Lane.Lane)))
            {
                NotReached.Add(key);
                results.Add(Behind(key));
                continue;
            }

            Posts.Add((key, item.GetProperty("body").GetRawText()));
            var reply = OnPost(key, Posts.Count(post => post.Key == key));
            if (InOrder && reply is not (Reply.Done or Reply.Status { Code: 400 or 422 }))
            {
                stopped.Add((call.Lane.Merchant, call.Lane.Lane));
            }

            switch (reply)
            {
                case Reply.Done:
                    results.Add($$"""{"key":"{{key}}","status":201,"headers":{},"body":{{Do(key)}}}""");
                    break;
                case Reply.Status status:
                    _ = status.Happens ? Do(key) : null;
                    results.Add($$"""{"key":"{{key}}","status":{{status.Code}},"headers":{"retry-after":"{{status.Headers.RetryAfter}}"},"body":{{JsonSerializer.Serialize(status.Body)}}}""");
                    break;
                case Reply.Lost { Happens: true }:
                    Do(key);
                    break;
            }
        }

        request.Complete(RawAnswer.Answered(207, AnswerHeaders.None, Encoding.UTF8.GetBytes($$"""{"results":[{{string.Join(',', results)}}]}""")));
    }

    static string Behind(string key) => $$$"""{"key":"{{{key}}}","status":424,"body":{"error":"behind one that was not done"}}""";

    string Do(string key)
    {
        if (receipts.TryAdd(key, $"r-{receipts.Count + 1}"))
        {
            Effects.Add(key);
        }

        return Good(key);
    }

    string Good(string key) => $$"""{"key":"{{key}}","id":"{{receipts[key]}}"}""";
}
