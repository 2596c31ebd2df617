using System.Net;
using System.Text;

namespace TrustMesh.Tests.Cli;

/// <summary>
/// Answers of a silo, word for word as it sends them, for what a real one will not do on request: refuse, stay silent, speak nonsense.
/// What a real one does is tested in EndToEnd.
/// </summary>
internal sealed class CannedSilo : HttpMessageHandler
{
    public const string Code = "tmc_one-time", Token = "tms_session-secret";

    private readonly Dictionary<string, Func<CancellationToken, Task<HttpResponseMessage>>> answers = [];

    public CannedSilo()
    {
        Answer("POST session", 200, $$"""{"name":"ana","role":"admin","expiresAt":"2999-01-01T00:00:00Z","token":"{{Token}}"}""");
        Answer("GET mesh", 200, $$"""{"name":"demo","authority":"{{new string('a', 64)}}","authorityKey":"software","siloId":"x","version":"0.1.0","policyVersion":1,"counts":{"trusted":2},"evidenceAccepted":7,"evidenceRefused":0,"startedAt":"2026-01-01T00:00:00Z","deviceAddress":null}""");
    }

    /// <summary>Requests as they came, without their host: method, path, authorisation, body.</summary>
    public List<(string Route, Uri Address, string? Authorization, string Body)> Seen { get; } = [];

    /// <summary>The last version somebody said they had seen.</summary>
    public string? Matched { get; private set; }

    public CannedSilo Answer(string route, int status, string body, string type = "application/json")
    {
        answers[route] = _ => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) });
        return this;
    }

    public CannedSilo Refuse(string route, int status, string code)
        => Answer(route, status, $$"""{"type":"about:blank","title":"No","status":{{status}},"code":"{{code}}","detail":"A sentence for people.","traceId":null}""", "application/problem+json");

    public CannedSilo StaySilent(string route)
    {
        answers[route] = async ct =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            throw new InvalidOperationException();
        };
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var route = $"{request.Method} {request.RequestUri!.PathAndQuery["/api/v1/".Length..]}";
        Seen.Add((route, request.RequestUri, request.Headers.Authorization?.ToString(), request.Content is null ? "" : await request.Content.ReadAsStringAsync(ct)));
        Matched = request.Headers.IfMatch.FirstOrDefault()?.ToString() ?? Matched;
        var said = answers.TryGetValue(route, out var answer) ? await answer(ct) : new(HttpStatusCode.NotFound);
        said.RequestMessage = request;
        return said;
    }

    // One handler answers for many clients; the command disposes each.
    protected override void Dispose(bool disposing) { }
}
