// Standard error, where a client warns unless it is told where. A line that cannot be written is dropped.

import Foundation

enum StandardError {
    /// What writes a warning there.
    static func writer() -> @Sendable (String) -> Void {
        // Where it is closed, its number goes to whatever is opened next.
        guard fcntl(STDERR_FILENO, F_GETFD) != -1 else { return { _ in } }
        return { warning in
            let isDone = DispatchSemaphore(value: 0)
            // A pipe that nobody reads any more would end the program by a signal. Blocked, that ends with its thread.
            Thread.detachNewThread {
                var brokenPipe = sigset_t()
                sigemptyset(&brokenPipe)
                sigaddset(&brokenPipe, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
                try? FileHandle.standardError.write(contentsOf: Data("activitysmith: \(warning)\n".utf8))
                isDone.signal()
            }
            isDone.wait()
        }
    }
}
