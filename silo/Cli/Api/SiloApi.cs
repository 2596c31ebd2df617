using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Contracts.Snapshots;

namespace TrustMesh.Cli.Api;

/// <summary>
/// The operator API (silo/Contracts/API.md), one method per route, at whichever silo of the mesh can be reached. Refusals arrive as
/// <see cref="CommandFailure"/>.
/// </summary>
internal sealed partial class SiloApi : IDisposable
{
    private readonly SiloAddresses silos;
    private readonly HttpClient client;
    private readonly SiloFailures failures;

    /// <param name="token">Null only to sign in.</param>
    public SiloApi(SiloAddresses silos, string? token, HttpMessageHandler handler)
    {
        this.silos = silos;
        // Time limits come from the caller's token: a feed stays open for as long as it is watched.
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = SnapshotFormat.MostBytes };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        failures = new SiloFailures(silos, token?.StartsWith(ApiToken.Prefix, StringComparison.Ordinal) == true);
    }

    /// <summary>Bytes of a line of a stream: a delta of 50,000 devices fits.</summary>
    private const int LongestEvent = 64 * 1024 * 1024;

    /// <summary>How long one request may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    public Task<Session> SignInAsync(SignIn code, CancellationToken ct) => SendAsync(HttpMethod.Post, "session", code, ContractJson.Default.SignIn, ContractJson.Default.Session, ct);

    public Task SignOutAsync(CancellationToken ct) => SendAsync(HttpMethod.Delete, "session", ct);

    public Task<MeshView> MeshAsync(CancellationToken ct) => GetAsync("mesh", ContractJson.Default.MeshView, ct);

    /// <summary>By name, dead and silent ones too.</summary>
    public Task<IReadOnlyList<SiloView>> SilosAsync(CancellationToken ct) => GetAsync("silos", ContractJson.Default.IReadOnlyListSiloView, ct);

    public Task<SiloView> SiloAsync(string name, CancellationToken ct) => GetAsync($"silos/{Part(name)}", ContractJson.Default.SiloView, ct);

    /// <summary>Every device that matches, page after page.</summary>
    public async Task<DevicePage> DevicesAsync(string? look, string? query, CancellationToken ct)
    {
        var items = new List<DeviceSummary>();
        string? cursor = null;
        while (true)
        {
            var page = await GetAsync("devices?limit=1000" + Query("look", look) + Query("q", query) + Query("cursor", cursor), ContractJson.Default.DevicePage, ct);
            items.AddRange(page.Items);
            // A cursor that does not move would make this loop endless.
            if (page.Next is null || page.Items.Count == 0) return new DevicePage(items, null, page.Total);
            cursor = page.Next;
        }
    }

    /// <summary>How many devices match.</summary>
    public async Task<int> CountAsync(string? look, string? query, CancellationToken ct)
        => (await GetAsync("devices?limit=1" + Query("look", look) + Query("q", query), ContractJson.Default.DevicePage, ct)).Total;

    /// <summary>By name.</summary>
    public Task<IReadOnlyList<SavedQuery>> SavedQueriesAsync(CancellationToken ct) => GetAsync("queries", ContractJson.Default.IReadOnlyListSavedQuery, ct);

    public Task<SavedQuery> SavedQueryAsync(string name, CancellationToken ct) => GetAsync($"queries/{Part(name)}", ContractJson.Default.SavedQuery, ct);

    public Task<SavedQuery> SaveQueryAsync(string name, string query, CancellationToken ct)
        => SendAsync(HttpMethod.Put, $"queries/{Part(name)}", new SavedQueryUpdate(query), ContractJson.Default.SavedQueryUpdate, ContractJson.Default.SavedQuery, ct);

    public Task RemoveQueryAsync(string name, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"queries/{Part(name)}", ct);

    /// <summary>One's own.</summary>
    public Task<IReadOnlyList<GraphPin>> PinsAsync(CancellationToken ct) => GetAsync("session/pins", ContractJson.Default.IReadOnlyListGraphPin, ct);

    public Task<GraphPin> PinAsync(string device, PinPlace place, CancellationToken ct)
        => SendAsync(HttpMethod.Put, $"session/pins/{Part(device)}", place, ContractJson.Default.PinPlace, ContractJson.Default.GraphPin, ct);

    /// <param name="device">Null: all.</param>
    public Task UnpinAsync(string? device, CancellationToken ct) => SendAsync(HttpMethod.Delete, device is null ? "session/pins" : $"session/pins/{Part(device)}", ct);

    /// <summary>Firing, acknowledged, and resolved in the last seven days.</summary>
    public Task<IReadOnlyList<AlertView>> AlertsAsync(CancellationToken ct) => GetAsync("alerts", ContractJson.Default.IReadOnlyListAlertView, ct);

    public Task<AlertView> AcknowledgeAsync(string id, AlertNote note, CancellationToken ct)
        => SendAsync(HttpMethod.Post, $"alerts/{Part(id)}/acknowledge", note, ContractJson.Default.AlertNote, ContractJson.Default.AlertView, ct);

    public Task<IReadOnlyList<AlertRuleView>> AlertRulesAsync(CancellationToken ct) => GetAsync("alerts/rules", ContractJson.Default.IReadOnlyListAlertRuleView, ct);

    public Task<AlertRuleView> SetAlertRuleAsync(string name, AlertRuleUpdate update, CancellationToken ct)
        => SendAsync(HttpMethod.Put, $"alerts/rules/{Part(name)}", update, ContractJson.Default.AlertRuleUpdate, ContractJson.Default.AlertRuleView, ct);

    public Task RemoveAlertRuleAsync(string name, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"alerts/rules/{Part(name)}", ct);

    public Task<IReadOnlyList<SilenceView>> SilencesAsync(CancellationToken ct) => GetAsync("alerts/silences", ContractJson.Default.IReadOnlyListSilenceView, ct);

    public Task<SilenceView> SilenceAsync(SilenceRequest request, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "alerts/silences", request, ContractJson.Default.SilenceRequest, ContractJson.Default.SilenceView, ct);

    public Task EndSilenceAsync(string id, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"alerts/silences/{Part(id)}", ct);

    public Task<IReadOnlyList<WebhookView>> WebhooksAsync(CancellationToken ct) => GetAsync("webhooks", ContractJson.Default.IReadOnlyListWebhookView, ct);

    public Task<WebhookSecret> AddWebhookAsync(WebhookRequest request, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "webhooks", request, ContractJson.Default.WebhookRequest, ContractJson.Default.WebhookSecret, ct);

    public Task<WebhookSecret> RotateWebhookAsync(string name, CancellationToken ct) => WithinPatience(async token =>
    {
        using var answer = await AskAsync(HttpMethod.Post, $"webhooks/{Part(name)}/rotate", null, token);
        return await failures.ReadAsync(answer, ContractJson.Default.WebhookSecret, token);
    }, ct);

    public Task TestWebhookAsync(string name, CancellationToken ct) => SendAsync(HttpMethod.Post, $"webhooks/{Part(name)}/test", ct);

    public Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(string name, CancellationToken ct) => GetAsync($"webhooks/{Part(name)}/deliveries", ContractJson.Default.IReadOnlyListWebhookDelivery, ct);

    public Task ResendAsync(string name, string delivery, CancellationToken ct) => SendAsync(HttpMethod.Post, $"webhooks/{Part(name)}/deliveries/{Part(delivery)}/resend", ct);

    public Task RemoveWebhookAsync(string name, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"webhooks/{Part(name)}", ct);

    public Task<DeviceDetail> DeviceAsync(string id, CancellationToken ct) => GetAsync($"devices/{Part(id)}", ContractJson.Default.DeviceDetail, ct);

    public Task<EvidenceView> EvidenceAsync(string id, CancellationToken ct) => GetAsync($"devices/{Part(id)}/evidence/decoded", ContractJson.Default.EvidenceView, ct);

    public Task<byte[]> BundleAsync(string id, CancellationToken ct) => BytesAsync($"devices/{Part(id)}/evidence", ct);

    /// <summary>The mesh authority's certificate, PEM.</summary>
    public async Task<string> AuthorityAsync(CancellationToken ct) => System.Text.Encoding.ASCII.GetString(await BytesAsync("authority", ct));

    /// <summary>What the silo is made of, CycloneDX.</summary>
    public async Task<string> SbomAsync(CancellationToken ct) => System.Text.Encoding.UTF8.GetString(await BytesAsync("sbom", ct));

    public Task<IReadOnlyList<LogView>> LogsAsync(CancellationToken ct) => GetAsync("log", ContractJson.Default.IReadOnlyListLogView, ct);

    /// <summary>Entries of all logs together, newest first.</summary>
    /// <param name="filter">Query parameters, escaped: kind, by, device, text, since, until.</param>
    /// <param name="limit">1..1000.</param>
    public Task<LogFindings> LogEntriesAsync(string filter, string? cursor, int limit, CancellationToken ct)
        => GetAsync($"log/entries?limit={limit}{filter}{(cursor is null ? "" : $"&cursor={cursor}")}", ContractJson.Default.LogFindings, ct);

    /// <summary>Those the silo keeps, newest first.</summary>
    public Task<IReadOnlyList<TrustEvent>> EventsAsync(CancellationToken ct) => GetAsync("events/recent", ContractJson.Default.IReadOnlyListTrustEvent, ct);

    /// <summary>How devices looked at the beginning, and what changed until the end.</summary>
    public Task<HistoryView> HistoryAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
        => GetAsync($"history?from={Uri.EscapeDataString(from.UtcDateTime.ToString("O"))}&to={Uri.EscapeDataString(to.UtcDateTime.ToString("O"))}", ContractJson.Default.HistoryView, ct);

    /// <summary>A file of a log by its path in C2SP tlog-tiles; null if the silo has none.</summary>
    public async Task<byte[]?> LogFileAsync(int log, string path, CancellationToken ct)
    {
        try
        {
            return await BytesAsync($"log/{log}/{path}", ct);
        }
        catch (CommandFailure failure) when (failure.Code == ExitCode.NotFound)
        {
            return null;
        }
    }

    /// <param name="verb">approve, suspend, resume, revoke.</param>
    public Task<DeviceSummary> DecideAsync(string id, string verb, Decision decision, CancellationToken ct)
        => SendAsync(HttpMethod.Post, $"devices/{Part(id)}/{verb}", decision, ContractJson.Default.Decision, ContractJson.Default.DeviceSummary, ct);

    public Task<BulkAnswer> DecideManyAsync(BulkDecision decision, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "devices/decide", decision, ContractJson.Default.BulkDecision, ContractJson.Default.BulkAnswer, ct);

    public Task<BulkAnswer> TagManyAsync(BulkTags change, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "devices/tags", change, ContractJson.Default.BulkTags, ContractJson.Default.BulkAnswer, ct);

    public Task<EnrolmentView> EnrolmentAsync(string id, CancellationToken ct) => GetAsync($"devices/{Part(id)}/enrolment", ContractJson.Default.EnrolmentView, ct);

    public Task<GraphSnapshot> GraphAsync(CancellationToken ct) => GetAsync("graph", ContractJson.Default.GraphSnapshot, ct);

    /// <summary>Page after page, who examined whom, of one device or all, where either of the two is found by the query and the verdict looks as asked for; null for any.</summary>
    public async Task<IReadOnlyList<PeerEdge>> EdgesAsync(string? device, string? query, string? looks, CancellationToken ct)
        => await EdgePages.AllAsync(device, query, looks, path => GetAsync(path, ContractJson.Default.EdgePage, ct))
            ?? throw new CommandFailure(ExitCode.Failure, $"What answers at {silos.Now.GetLeftPart(UriPartial.Authority)} sends more than any answer of a silo has.", "Check the address.");

    public Task<EdgeDetail> EdgeAsync(string from, string to, CancellationToken ct) => GetAsync($"edges/{Part(from)}/{Part(to)}", ContractJson.Default.EdgeDetail, ct);

    /// <summary>Asks a device to examine another now; its verdict arrives when it is done.</summary>
    public Task ExamineAsync(string from, string to, CancellationToken ct) => SendAsync(HttpMethod.Post, $"edges/{Part(from)}/{Part(to)}/examine", ct);

    /// <summary>Asks a device to prove itself now; its verdict arrives when it has.</summary>
    public Task AttestAsync(string id, CancellationToken ct) => SendAsync(HttpMethod.Post, $"devices/{Part(id)}/attest", ct);

    public Task<JoinToken> CreateTokenAsync(JoinTokenRequest request, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "enroll/tokens", request, ContractJson.Default.JoinTokenRequest, ContractJson.Default.JoinToken, ct);

    public Task<IReadOnlyList<JoinToken>> TokensAsync(CancellationToken ct) => GetAsync("enroll/tokens", ContractJson.Default.IReadOnlyListJoinToken, ct);

    public Task DeleteTokenAsync(string id, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"enroll/tokens/{Part(id)}", ct);

    /// <summary>In their order.</summary>
    public Task<IReadOnlyList<ApprovalRule>> RulesAsync(CancellationToken ct) => GetAsync("enroll/rules", ContractJson.Default.IReadOnlyListApprovalRule, ct);

    public Task<ApprovalRule> SetRuleAsync(string name, ApprovalRuleUpdate update, CancellationToken ct)
        => SendAsync(HttpMethod.Put, $"enroll/rules/{Part(name)}", update, ContractJson.Default.ApprovalRuleUpdate, ContractJson.Default.ApprovalRule, ct);

    public Task RemoveRuleAsync(string name, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"enroll/rules/{Part(name)}", ct);

    public Task<ApprovalTestAnswer> TestRuleAsync(ApprovalTest test, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "enroll/rules/test", test, ContractJson.Default.ApprovalTest, ContractJson.Default.ApprovalTestAnswer, ct);

    public Task<PolicyView> PolicyAsync(CancellationToken ct) => GetAsync("policy", ContractJson.Default.PolicyView, ct);

    /// <param name="over">The version it was tried out against; a conflict if another is in force. Null: whatever is.</param>
    public Task<PolicyView> SetPolicyAsync(PolicyUpdate update, CancellationToken ct, long? over = null)
        => SendAsync(HttpMethod.Put, "policy", update, ContractJson.Default.PolicyUpdate, ContractJson.Default.PolicyView, ct, seen: over);

    public Task<PolicySimulation> SimulatePolicyAsync(PolicyUpdate draft, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "policy/simulate", draft, ContractJson.Default.PolicyUpdate, ContractJson.Default.PolicySimulation, ct, 3 * Patience);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<PolicyVersion>> PolicyVersionsAsync(CancellationToken ct) => GetAsync("policy/versions", ContractJson.Default.IReadOnlyListPolicyVersion, ct);

    public Task<PolicyView> PolicyAsync(long version, CancellationToken ct) => GetAsync($"policy/versions/{version}", ContractJson.Default.PolicyView, ct);

    public Task<IReadOnlyList<ReferenceView>> ReferencesAsync(CancellationToken ct) => GetAsync("references", ContractJson.Default.IReadOnlyListReferenceView, ct);

    /// <summary>What devices report and reference values do not accept, the most common first.</summary>
    public Task<IReadOnlyList<OutlierView>> OutliersAsync(CancellationToken ct) => GetAsync("references/outliers", ContractJson.Default.IReadOnlyListOutlierView, ct);

    public Task<ReferenceView> LearnAsync(string device, IReadOnlyList<int>? pcrs, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "references/learn", new LearnRequest(device, pcrs), ContractJson.Default.LearnRequest, ContractJson.Default.ReferenceView, ct);

    public Task<RevocationView> RevocationsAsync(CancellationToken ct) => GetAsync("revocations", ContractJson.Default.RevocationView, ct);

    /// <param name="limit">1..1000.</param>
    public Task<IReadOnlyList<RevocationIssue>> RevocationHistoryAsync(int limit, CancellationToken ct)
        => GetAsync($"revocations/history?limit={limit}", ContractJson.Default.IReadOnlyListRevocationIssue, ct);

    /// <param name="serial">Null for the list in force.</param>
    public Task<PropagationView> PropagationAsync(long? serial, CancellationToken ct)
        => GetAsync("revocations/propagation" + (serial is { } list ? $"?serial={list}" : ""), ContractJson.Default.PropagationView, ct);

    /// <summary>What a revocation would do.</summary>
    public Task<RevocationPlan> PlanRevocationAsync(RevocationSelection selection, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "revocations/plan", selection, ContractJson.Default.RevocationSelection, ContractJson.Default.RevocationPlan, ct);

    public Task<RevocationAct> RevokeAsync(RevocationOrder order, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "revocations", order, ContractJson.Default.RevocationOrder, ContractJson.Default.RevocationAct, ct);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<RevocationRequest>> RevocationRequestsAsync(CancellationToken ct) => GetAsync("revocations/requests", ContractJson.Default.IReadOnlyListRevocationRequest, ct);

    public Task<RevocationAct> RevocationRequestAsync(string id, CancellationToken ct) => GetAsync($"revocations/requests/{Part(id)}", ContractJson.Default.RevocationAct, ct);

    public Task<RevocationAct> ApproveRevocationAsync(string id, RevocationApproval approval, CancellationToken ct)
        => SendAsync(HttpMethod.Post, $"revocations/requests/{Part(id)}/approve", approval, ContractJson.Default.RevocationApproval, ContractJson.Default.RevocationAct, ct);

    public Task<RevocationAct> RejectRevocationAsync(string id, Decision decision, CancellationToken ct)
        => SendAsync(HttpMethod.Post, $"revocations/requests/{Part(id)}/reject", decision, ContractJson.Default.Decision, ContractJson.Default.RevocationAct, ct);

    public Task<RevocationRule> RevocationRuleAsync(CancellationToken ct) => GetAsync("revocations/rule", ContractJson.Default.RevocationRule, ct);

    public Task<RevocationRule> SetRevocationRuleAsync(RevocationRuleUpdate update, CancellationToken ct)
        => SendAsync(HttpMethod.Put, "revocations/rule", update, ContractJson.Default.RevocationRuleUpdate, ContractJson.Default.RevocationRule, ct);

    public Task<IReadOnlyList<OperatorView>> OperatorsAsync(CancellationToken ct) => GetAsync("operators", ContractJson.Default.IReadOnlyListOperatorView, ct);

    public Task<OperatorView> SetRightsAsync(string name, RightsChange change, CancellationToken ct)
        => SendAsync(HttpMethod.Put, $"operators/{Part(name)}/rights", change, ContractJson.Default.RightsChange, ContractJson.Default.OperatorView, ct);

    /// <param name="verb">disable, enable, remove.</param>
    public Task ActOnOperatorAsync(string name, string verb, Decision decision, CancellationToken ct) => WithinPatience(async token =>
    {
        using var content = JsonContent.Create(decision, ContractJson.Default.Decision);
        using var answer = await AskAsync(HttpMethod.Post, $"operators/{Part(name)}/{verb}", content, token);
        await failures.ThrowUnlessOkAsync(answer, token);
        return true;
    }, ct);

    /// <summary>One's own, or as admin everybody's.</summary>
    public Task<IReadOnlyList<SessionView>> SessionsAsync(CancellationToken ct) => GetAsync("sessions", ContractJson.Default.IReadOnlyListSessionView, ct);

    public Task EndSessionAsync(string id, CancellationToken ct) => SendAsync(HttpMethod.Delete, $"sessions/{Part(id)}", ct);

    /// <summary>By name.</summary>
    public Task<IReadOnlyList<ApiTokenView>> ApiTokensAsync(CancellationToken ct) => GetAsync("api-tokens", ContractJson.Default.IReadOnlyListApiTokenView, ct);

    public Task<ApiTokenMade> MakeApiTokenAsync(ApiTokenRequest request, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "api-tokens", request, ContractJson.Default.ApiTokenRequest, ContractJson.Default.ApiTokenMade, ct);

    public Task<ApiTokenView> RevokeApiTokenAsync(string name, Decision decision, CancellationToken ct)
        => SendAsync(HttpMethod.Post, $"api-tokens/{Part(name)}/revoke", decision, ContractJson.Default.Decision, ContractJson.Default.ApiTokenView, ct);

    public Task<OperatorCode> AddOperatorAsync(OperatorRequest request, CancellationToken ct)
        => SendAsync(HttpMethod.Post, "operators", request, ContractJson.Default.OperatorRequest, ContractJson.Default.OperatorCode, ct);

    /// <summary>Opens a server-sent-event stream; the caller disposes it.</summary>
    public Task<Stream> OpenStreamAsync(string path, CancellationToken ct)
        => failures.TranslateAsync<Stream>(async () =>
        {
            var answer = await AskAsync(HttpMethod.Get, path, null, ct, stream: true);
            await failures.ThrowUnlessOkAsync(answer, ct);
            return new LineLimitStream(await answer.Content.ReadAsStreamAsync(ct), LongestEvent);
        });

    public void Dispose() => client.Dispose();

    private Task<byte[]> BytesAsync(string path, CancellationToken ct) => WithinPatience(async token =>
    {
        using var answer = await AskAsync(HttpMethod.Get, path, null, token);
        await failures.ThrowUnlessOkAsync(answer, token);
        return await answer.Content.ReadAsByteArrayAsync(token);
    }, ct);

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answerType, CancellationToken ct) => WithinPatience(async token =>
    {
        using var answer = await AskAsync(HttpMethod.Get, path, null, token);
        return await failures.ReadAsync(answer, answerType, token);
    }, ct);

    private Task<TAnswer> SendAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken ct, TimeSpan? patience = null, long? seen = null) => WithinPatience(async token =>
    {
        using var content = JsonContent.Create(body, bodyType);
        using var answer = await AskAsync(method, path, content, token, seen: seen);
        return await failures.ReadAsync(answer, answerType, token);
    }, ct, patience);

    private Task SendAsync(HttpMethod method, string path, CancellationToken ct) => WithinPatience(async token =>
    {
        using var answer = await AskAsync(method, path, null, token);
        await failures.ThrowUnlessOkAsync(answer, token);
        return true;
    }, ct);

    /// <summary>One request, to the next silo where this one can not be reached. The next command begins with the first again.</summary>
    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct, bool stream = false, long? seen = null)
    {
        for (var asked = 1; ; asked++)
        {
            var silo = silos.Now;
            // Not disposed of: that would dispose of the content, which the next silo may need. It holds nothing else.
            var request = new HttpRequestMessage(method, new Uri(silo, "/api/v1/" + path)) { Content = content };
            if (stream) request.Headers.Accept.Add(new("text/event-stream"));
            if (seen is { } version) request.Headers.IfMatch.Add(new($"\"{version}\""));
            try
            {
                return await client.SendAsync(request, stream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, ct);
            }
            catch (Exception lost) when (asked < silos.Count && !ct.IsCancellationRequested && GoesOn(method, lost))
            {
                silos.Pass(silo);
            }
        }
    }

    /// <summary>
    /// What changes something is asked of another silo only if this one never heard of it, so that nothing is done twice. A certificate nobody vouches for is a
    /// mistake or an attack that somebody has to see, never a reason to look elsewhere.
    /// </summary>
    private static bool GoesOn(HttpMethod method, Exception lost) => lost switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => false,
        // The handler's limit for connecting: there is no other one.
        OperationCanceledException { InnerException: TimeoutException } => true,
        _ => method == HttpMethod.Get && lost is HttpRequestException or IOException,
    };

    private async Task<T> WithinPatience<T>(Func<CancellationToken, Task<T>> send, CancellationToken ct, TimeSpan? patience = null)
    {
        var most = patience ?? Patience;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(most);
        try
        {
            return await failures.TranslateAsync(() => send(limit.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Timeout, $"The silo at {silos.Now.GetLeftPart(UriPartial.Authority)} did not answer within {most.TotalSeconds:0} s.",
                "See whether it is overloaded, and try again.");
        }
    }

    private static string Part(string text) => Uri.EscapeDataString(text);

    private static string Query(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
