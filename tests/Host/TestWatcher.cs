using System.Net;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Host;

/// <summary>A device that has proven itself and waits for news, as PROTOCOL.md section 16 describes it: it keeps what the authority signed and names it in its next request.</summary>
public sealed class TestWatcher(TestDevice device, RunningSilo silo)
{
    private readonly Dictionary<string, long> references = [];

    public TestDevice Device => device;

    public IReadOnlyList<string> Addresses { get; set; } = [];

    public long EnforcedMs { get; set; }

    public long Gaps { get; set; }

    public Policy? Policy { get; private set; }

    public StatusList? List { get; private set; }

    public PeerAssignment? Peers { get; private set; }

    public IReadOnlyDictionary<string, long> References => references;

    public WatchRequest Request
        => new(Policy?.Serial ?? 0, List?.Serial ?? 0, Peers?.Serial ?? 0, [.. references.Select(pair => new ModelSerial(pair.Key, pair.Value))], Addresses, EnforcedMs, Gaps);

    /// <summary>Also wants the reference values of a model.</summary>
    public void Ask(string model) => references.TryAdd(model, 0);

    /// <summary>One request and its answer, checked and kept.</summary>
    public async Task<WatchAnswer> NextAsync()
    {
        var (status, body, code) = await device.PostAsync("/device/v1/watch", Request.Encode());
        Assert.True(status == HttpStatusCode.OK, code);
        var answer = WatchAnswer.Decode(body);
        var (verifier, now) = (silo.Silo.Authority.Statements, silo.Silo.Time.GetUtcNow());
        if (answer.Policy is { } policy) Policy = Accepted(verifier.VerifyPolicy(policy, now, (Policy?.Serial ?? 0) + 1)).Policy;
        if (answer.StatusList is { } list) List = Accepted(verifier.VerifyStatusList(list, now, (List?.Serial ?? 0) + 1)).Value;
        if (answer.Peers is { } peers) Peers = Accepted(verifier.VerifyAssignment(peers, now, (Peers?.Serial ?? 0) + 1, device.Id)).Value;
        foreach (var signed in answer.References)
        {
            var values = Accepted(verifier.VerifyReference(signed, now)).Values;
            Assert.True(values.Serial > references.GetValueOrDefault(values.Model));
            references[values.Model] = values.Serial;
        }
        return answer;
    }

    /// <summary>Asks until it has whatever there is for it: the next request waits.</summary>
    public async Task CatchUpAsync(Func<TestWatcher, bool> done)
    {
        while (!done(this)) await NextAsync();
    }

    private static T Accepted<T>(Statement<T> statement) where T : class => statement.Accepted ?? throw new InvalidOperationException(string.Join("\n", statement.Findings));
}
