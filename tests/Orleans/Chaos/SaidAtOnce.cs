namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>What a long test tells while it runs: in its result, and on the console at once.</summary>
internal static class SaidAtOnce
{
    public static void Say(this ITestOutputHelper output, string what)
    {
        output.WriteLine(what);
        Console.WriteLine(what);
    }
}
