using System.Diagnostics.CodeAnalysis;

namespace TrustMesh.Tests;

/// <summary>What parts of the tests say when something is not as they need it; here it ends the benchmark.</summary>
internal static class Assert
{
    public static void True([DoesNotReturnIf(false)] bool condition, string? why = null)
    {
        if (!condition) throw new InvalidOperationException(why ?? "That should have been true.");
    }

    public static void False([DoesNotReturnIf(true)] bool condition, string? why = null) => True(!condition, why);

    public static void SkipUnless([DoesNotReturnIf(false)] bool condition, string why) => True(condition, why);
}
