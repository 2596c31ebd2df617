using TrustMesh.Contracts;
using System.Net;
using System.Text.Json;

namespace TrustMesh.Dashboard.Silo;

/// <summary>Turns an answer that is not a success into what it says.</summary>
internal static class SiloRefusal
{
    private const int Cap = 16 * 1024;

    public static async Task<SiloException> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                await response.Content.LoadIntoBufferAsync(Cap, cancel);
                var problem = await response.Content.ReadFromJsonAsync(ContractJson.Default.Problem, cancel);
                if (problem is not null)
                    return new SiloException(problem.Code, problem.Detail ?? problem.Title, problem.TraceId);
            }
            catch (JsonException notAProblem)
            {
                return new SiloException("unavailable", "The silo refused and did not say why in a form the dashboard reads.", null, notAProblem);
            }
        }
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new SiloException("unauthenticated", "Your session has ended. Sign in again.", null),
            HttpStatusCode.Forbidden => new SiloException("forbidden", "Your role does not allow this.", null),
            HttpStatusCode.NotFound => new SiloException("not_found", "The silo does not know this.", null),
            _ => new SiloException("unavailable", $"The silo answered {(int)response.StatusCode}. Its log says why.", null),
        };
    }
}
