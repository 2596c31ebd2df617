using TrustMesh.Bench;

Console.WriteLine("| What | Measured | Beside it, same run | Target |");
Console.WriteLine("|---|---|---|---|");
foreach (var row in VerificationBench.Run())
    Console.WriteLine($"| {row.What} | {row.Figure} | {row.Beside} | {row.Target} |");
