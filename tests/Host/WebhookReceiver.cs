using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TrustMesh.Tests.Host;

/// <summary>A real HTTP server on loopback that gets what webhooks are sent, checks signatures as the standard says, and answers as a test wants.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TaskCompletionSource stopping = new();

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>What came: id, type of the content, body, and the signatures.</summary>
    public ConcurrentQueue<(string Id, string ContentType, string Timestamp, byte[] Body, string Signature, string Path)> Got { get; } = new();

    /// <summary>What it answers; 204 if a test says nothing else. A number and, for a redirect, where to.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context =>
    {
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    };

    public string Url => $"{app.Urls.First()}/hook";

    /// <summary>Ends when the receiver is done with.</summary>
    public Task Stopping => stopping.Task;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = context.Request.Headers;
            receiver.Got.Enqueue((headers["webhook-id"].ToString(), context.Request.ContentType ?? "", headers["webhook-timestamp"].ToString(), body.ToArray(), headers["webhook-signature"].ToString(), context.Request.Path));
            await receiver.Answer(context);
        });
        await app.StartAsync();
        return receiver;
    }

    /// <summary>As a receiver that was written from the standard would.</summary>
    public static bool IsSigned((string Id, string ContentType, string Timestamp, byte[] Body, string Signature, string Path) got, string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var wanted = HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{got.Id}.{got.Timestamp}."), .. got.Body]);
        return Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(got.Timestamp)) < 300
            && got.Signature.Split(' ').Any(one => one.StartsWith("v1,", StringComparison.Ordinal) && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(one[3..]), wanted));
    }

    public async ValueTask DisposeAsync()
    {
        stopping.TrySetResult();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }
}
