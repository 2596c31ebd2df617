using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>What everybody in a chaos run shares: the mesh, who is there to ask, and what is wrong. Thread-safe.</summary>
internal sealed class ChaosWorld(RunningCluster mesh, ChaosSettings settings) : IDisposable
{
    private const int MostWrong = 50;

    private readonly HttpClient[] operators = [.. Enumerable.Range(0, mesh.Silos.Count).Select(silo => Patient(mesh.Operator(silo)))];
    private readonly int[] generations = new int[mesh.Silos.Count];
    private readonly ConcurrentQueue<string> wrong = new();
    private readonly ConcurrentDictionary<string, int> counts = new();
    private int act;

    public RunningCluster Mesh => mesh;

    public ChaosSettings Settings => settings;

    public IReadOnlyCollection<string> Wrong => wrong;

    public IEnumerable<KeyValuePair<string, int>> Counts => counts.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    /// <summary>How long devices that wanted to prove themselves and were not answered at once went without an answer, each time.</summary>
    public ConcurrentQueue<TimeSpan> Outages { get; } = new();

    /// <summary>From the wish to the receipt, of proofs nothing came between.</summary>
    public ConcurrentQueue<TimeSpan> Answers { get; } = new();

    /// <summary>Counts the starts of a silo: what an answer says is held against answers of the same start.</summary>
    public int Generation(int silo) => Volatile.Read(ref generations[silo]);

    public void Started(int silo) => Interlocked.Increment(ref generations[silo]);

    /// <summary>Something that must not be.</summary>
    public void Fault(string what)
    {
        if (wrong.Count < MostWrong) wrong.Enqueue(what);
    }

    public void Count(string what) => counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    /// <summary>A reason nobody gave before.</summary>
    public string NewReason() => $"chaos {Interlocked.Increment(ref act)}";

    /// <summary>Asks a silo to do something; null for the answer if nobody knows what became of it.</summary>
    public async Task<(ActEnd End, T? Answer)> ActAsync<T>(int silo, HttpMethod method, string path, object body) where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
            using var answer = await operators[silo].SendAsync(request);
            if (answer.IsSuccessStatusCode) return (ActEnd.Acknowledged, await answer.Content.ReadFromJsonAsync<T>());
            Count($"operators were answered {(int)answer.StatusCode}");
            if (answer.StatusCode == HttpStatusCode.Unauthorized) Fault($"silo-{silo + 1} does not know the operator's session any more");
            return (answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound ? ActEnd.Refused : ActEnd.Unknown, null);
        }
        catch (HttpRequestException gone) when (gone.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return (ActEnd.Refused, null);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            return (ActEnd.Unknown, null);
        }
    }

    /// <summary>Null if it does not answer.</summary>
    public async Task<T?> TryGetAsync<T>(int silo, string path) where T : class
    {
        try
        {
            using var answer = await operators[silo].GetAsync(path);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<T>() : null;
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>All devices as that silo lists them; null if it does not answer.</summary>
    public async Task<IReadOnlyList<DeviceSummary>?> TryListAsync(int silo)
    {
        var all = new List<DeviceSummary>();
        string? next = null;
        do
        {
            if (await TryGetAsync<DevicePage>(silo, $"devices?limit=1000{(next is null ? "" : $"&cursor={Uri.EscapeDataString(next)}")}") is not { } page) return null;
            all.AddRange(page.Items);
            next = page.Next;
        }
        while (next is not null);
        return all;
    }

    public void Dispose()
    {
        foreach (var one in operators) one.Dispose();
    }

    private static HttpClient Patient(HttpClient client)
    {
        client.Timeout = TimeSpan.FromSeconds(20);
        return client;
    }
}
