using Microsoft.AspNetCore.Http;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Why a person does something: one line that ends up in logs, on pages and in terminals (attack A44).</summary>
internal static class Reason
{
    /// <summary>Characters, everywhere: it has to fit into a line of the log.</summary>
    private const int Longest = 200;

    /// <summary>Null if it can stand; else the answer that says why not.</summary>
    /// <param name="missing">What is said where one is needed and there is none; null: it may be left out.</param>
    public static IResult? Wrong(string? reason, string? missing = null)
        => missing is not null && string.IsNullOrWhiteSpace(reason) ? ApiProblem.Invalid.With(missing)
            : reason?.Length > Longest || Grammar.HasControl(reason) ? ApiProblem.Invalid.With($"The reason must be one line of at most {Longest} characters.") : null;
}
