using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Contracts.Snapshots;

namespace TrustMesh.Dashboard.Silo;

/// <summary>How a silo is called: deadlines, limits of answers, and what is said of a failure.</summary>
public sealed partial class SiloClient
{
    private const string TooMuch = "The silo sends more than any answer has. Check that trustmesh-silo is what answers there.";

    /// <summary>In columns; a silo of before, in the middle of an upgrade, has only JSON to give.</summary>
    public static Task<GraphSnapshot> ReadGraphAsync(HttpResponseMessage response, TimeSpan patience, CancellationToken cancel) => ReadAsync(response, HttpMethod.Get, SnapshotFormat.MostBytes, patience,
        bytes => response.Content.Headers.ContentType?.MediaType == SnapshotFormat.MediaType ? SnapshotReader.Read(bytes) : Json(bytes, ContractJson.Default.GraphSnapshot), cancel);

    /// <summary>An answer to hand on as it comes: the graph, its feed, events, evidence. The caller disposes it.</summary>
    /// <param name="path">Relative to /api/v1/.</param>
    /// <param name="accept">The media type that is wanted; null: whatever the silo gives.</param>
    public Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancel, string? accept = null) => SendAsync(HttpMethod.Get, path, null, null, cancel, null, accept);

    /// <summary>An instant in a query.</summary>
    public static string Instant(DateTimeOffset at) => Uri.EscapeDataString(at.UtcDateTime.ToString("O"));

    /// <summary>An id as one segment of a path, whatever is in it (A44).</summary>
    public static string Segment(string id) => id is "." or ".." ? "%2E" : Uri.EscapeDataString(id);

    /// <summary>Page after page. A silo of before has one, with all of them on it.</summary>
    private async Task<IReadOnlyList<PeerEdge>> AllEdgesAsync(string? device, string? query, string? looks, CancellationToken cancel) =>
        await EdgePages.AllAsync(device, query, looks, path => CallAsync(HttpMethod.Get, path, null, ContractJson.Default.EdgePage, cancel, most: MostOfAll)) ?? throw new SiloException("unavailable", TooMuch, null);

    private async Task<T> CallAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> answer, CancellationToken cancel, TimeSpan? patience = null, long? version = null, int most = MostBytes)
    {
        using var response = await SendAsync(method, path, body, version, cancel, patience);
        return await ReadAsync(response, method, most, patience ?? silo.Patience, bytes => Json(bytes, answer), cancel);
    }

    private static T Json<T>(byte[] bytes, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null");

    /// <summary>An answer whole, if it is no larger than that.</summary>
    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, HttpMethod method, int most, TimeSpan patience, Func<byte[], T> read, CancellationToken cancel)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            deadline.CancelAfter(patience);
            await response.Content.LoadIntoBufferAsync(most, deadline.Token);
            return read(await response.Content.ReadAsByteArrayAsync(deadline.Token));
        }
        catch (Exception problem) when (IsFailure(problem, cancel))
        {
            throw Unreachable(problem, method);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, long? version, CancellationToken cancel, TimeSpan? patience = null, string? accept = null)
    {
        using var content = body;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(patience ?? silo.Patience);
        try
        {
            var response = await silo.SendAsync(address => Request(method, new Uri(address, path), content, version, accept), deadline.Token, cancel);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw await SiloRefusal.ReadAsync(response, deadline.Token);
        }
        catch (Exception problem) when (IsFailure(problem, cancel))
        {
            throw Unreachable(problem, method);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, Uri address, HttpContent? body, long? version, string? accept)
    {
        var request = new HttpRequestMessage(method, address) { Content = body };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (accept is not null)
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        if (version is { } seen)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{seen}\"");
        return request;
    }

    // The caller's own cancellation passes through; ours is the silo's silence.
    private static bool IsFailure(Exception problem, CancellationToken cancel) =>
        problem is HttpRequestException or JsonException or SnapshotException or IOException || (problem is OperationCanceledException && !cancel.IsCancellationRequested);

    // What changes something and may have arrived must not be called undone: whoever believes that does it twice.
    private static SiloException Unreachable(Exception problem, HttpMethod method)
    {
        var arrived = method != HttpMethod.Get && !SiloConnection.NeverArrived(problem) && problem is not HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };
        var (code, said) = problem is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
            ? ("unavailable", TooMuch)
            : ("unreachable", arrived ? "The silo did not answer, and may have done it all the same. Look whether it did before you try again." : "The silo does not answer. Check that trustmesh-silo is running, then try again.");
        return new(code, said, null, problem);
    }

    private static HttpContent Body<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);
}
