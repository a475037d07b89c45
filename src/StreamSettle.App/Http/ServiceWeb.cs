using StreamSettle.App.Access;
using StreamSettle.App.Running;

namespace StreamSettle.App.Http;

/// <summary>The HTTP side of the service: what every request passes, in this order, and the endpoints.</summary>
static class ServiceWeb
{
    /// <summary>Of any request; what operators send is small.</summary>
    public const int MaxRequestBytes = 64 * 1024;

    const int MaxConnections = 1_000;

    /// <param name="urls">Where it is to listen.</param>
    /// <param name="configuration">For <c>Logging</c> alone.</param>
    public static WebApplication Build(IReadOnlyList<Uri> urls, AccessKeys keys, IConfiguration configuration, ServiceHandle handle)
    {
        // Always Production: the page that ASP.NET Core shows to developers has stack traces in it.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls([.. urls.Select(url => url.ToString())]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        });
        ServiceLogging.Add(builder.Logging, configuration);
        builder.Services.AddServiceMetrics();
        builder.Services.AddAccess(keys);
        builder.Services.AddSingleton(handle).AddProblemDetails().AddExceptionHandler<FailureAnswers>().AddOpenApi();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.AllowDuplicateProperties = false;
        });
        var app = builder.Build();
        Pass(app, urls, keys);
        Map(app, handle);
        return app;
    }

    static void Pass(WebApplication app, IReadOnlyList<Uri> urls, AccessKeys keys)
    {
        app.Use(SecurityHeaders.Add);
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => Results.Problem(statusCode: context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        if (keys.ReadsAreOpen)
        {
            app.Use(new KnownHosts(urls).CheckAsync);
        }

        app.UseRouting();
        app.Use(AnswerWhatIsNoEndpointAsync);
        app.UseAuthentication();
        app.UseAuthorization();
    }

    static void Map(WebApplication app, ServiceHandle handle)
    {
        app.MapHealth(handle);
        app.MapCallbacks(handle);
        var api = app.MapGroup("").AddEndpointFilterFactory(KnownQuery.Check);
        api.MapStatus(handle);
        api.MapOrders(handle);
        api.MapDeadLetters(handle);
        api.MapBulk(handle);
        api.MapHolds(handle);
        api.MapForecast(handle);
        api.MapCalls(handle);
        api.MapClock(handle);
        api.MapScan(handle);
        api.MapAuditKeys(handle);
        app.MapMetrics();
        app.MapDashboard();
        app.MapOpenApi().Needs(Role.Viewer);
    }

    /// <summary>An unknown path is 404 to all. Routing's own answer, such as 405 for another method, is no endpoint of ours that could need a role.</summary>
    static Task AnswerWhatIsNoEndpointAsync(HttpContext http, RequestDelegate next) => http.GetEndpoint() switch
    {
        RouteEndpoint => next(http),
        { RequestDelegate: { } refuse } => refuse(http),
        _ => Results.Problem("There is nothing at this path; /openapi/v1.json says what there is.", statusCode: StatusCodes.Status404NotFound).ExecuteAsync(http),
    };
}
