using StreamSettle.App.Access;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Marten.Keys;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/audit</c>: keys of personal data are destroyed and wrapped anew.</summary>
static class AuditKeyEndpoints
{
    const int MaxReason = 1_000;
    const int MaxId = 64;

    public static void MapAuditKeys(this IEndpointRouteBuilder routes, ServiceHandle handle)
    {
        routes.MapPost("/api/v1/audit/shred", (ShredRequest? asked, HttpContext http) => ShredAsync(handle, asked ?? new(null, null), http))
            .Needs(Role.Operator).WithName("ShredPersonalData")
            .WithSummary("Destroys the keys of a merchant's personal data in the event log: nobody can read it any more, and nothing brings it back. Seals and proofs hold.")
            .Produces<ShreddingAnswer>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapPost("/api/v1/audit/keys/rotate", (HttpContext http, CancellationToken stop) => RotateAsync(handle, http, stop))
            .Needs(Role.Operator).WithName("RotateMasterKey").WithSummary("Wraps all merchants' keys of personal data by the current master key. One that is cut off goes on when it is asked for again.")
            .Produces<RotationAnswer>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    static async Task<IResult> ShredAsync(ServiceHandle handle, ShredRequest asked, HttpContext http)
    {
        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        if ((MerchantProblem(asked.Merchant) ?? ReasonProblem(asked.Reason) ?? IdProblem(asked.RequestId)) is { } problem)
        {
            return Problems.Wrong(problem);
        }

        await using var keys = new EventLogKeys(service.AuditOptions);
        var request = new ShreddingRequest(asked.Merchant!, http.User.Identity!.Name!, asked.Reason!.Trim(), asked.RequestId ?? service.NewId().ToString("N"));
        if (await keys.ShredAsync(request, http.RequestAborted) is not { } done)
        {
            var before = (await keys.LookAsync(http.RequestAborted)).Shreddings.LastOrDefault(one => one.Merchant == request.Merchant);
            return Problems.Missing(
                before is null
                    ? $"Merchant {request.Merchant} has no key: nothing of it was ever encrypted. What was written before Audit:Encryption:Current was set is readable and stays so."
                    : $"Merchant {request.Merchant} has no key any more: {before.By} had the last of them shredded at {before.At}.");
        }

        LoggerOf(http).Shredded(done.By, done.Keys, done.Merchant, done.Number, FailureText.OneLine(done.Reason));
        return Results.Json(ShreddingAnswer.Of(done), ApiJson.Default.ShreddingAnswer);
    }

    static async Task<IResult> RotateAsync(ServiceHandle handle, HttpContext http, CancellationToken stop)
    {
        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        await using var keys = new EventLogKeys(service.AuditOptions);
        var rotated = await keys.RotateAsync(stop);
        var current = service.AuditOptions.Keys.Current!.Id;
        LoggerOf(http).Rotated(http.User.Identity!.Name!, rotated, current);
        return Results.Json(new RotationAnswer(rotated, current), ApiJson.Default.RotationAnswer);
    }

    static string? MerchantProblem(string? merchant) => merchant is null ? "merchant is missing: the id of the merchant whose personal data is to be unreadable"
        : merchant == DataKeyName.NoMerchant || (long.TryParse(merchant, System.Globalization.CultureInfo.InvariantCulture, out var id) && id.ToString(System.Globalization.CultureInfo.InvariantCulture) == merchant) ? null
        : $"merchant must be a merchant's id, a whole number, or {DataKeyName.NoMerchant}, but is '{merchant}'";

    static string? ReasonProblem(string? reason) => string.IsNullOrWhiteSpace(reason) ? "reason is missing: it is kept beside what was shredded, for ever"
        : reason.Length > MaxReason || reason.Contains('\0', StringComparison.Ordinal) ? $"reason must have at most {MaxReason} characters and none that is NUL" : null;

    static string? IdProblem(string? id) => id is null || (id.Length is > 0 and <= MaxId && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        ? null
        : $"requestId must have 1 to {MaxId} letters, digits, '-', '_' or '.', but is '{id}'";

    static ILogger LoggerOf(HttpContext http) => http.RequestServices.GetRequiredService<ILogger<EventLogKeys>>();
}
